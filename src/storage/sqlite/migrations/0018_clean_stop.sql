-- 1 while a process has the file open: a start that finds it so needs the log beside the file.
ALTER TABLE store_clock ADD COLUMN is_open INTEGER NOT NULL DEFAULT 0;
