-- The table is not in every store. The migration gives the second index the name of the one that it drops.
DO $$
BEGIN
  IF to_regclass('label') IS NOT NULL THEN
    CREATE UNIQUE INDEX IF NOT EXISTS label_of_time ON label (label, created_at, (coalesce(accepted_seq, seq)));
    CREATE INDEX IF NOT EXISTS label_of_client_ahead ON label (client, label, created_at, (coalesce(accepted_seq, seq)))
      WHERE client IS NOT NULL;
  END IF;
END
$$;
