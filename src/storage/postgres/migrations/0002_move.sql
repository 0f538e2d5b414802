-- A copy of an embedded store into this schema: one row, made when it begins. As long as it has not ended no process
-- works on the schema.
CREATE TABLE move (
  move_no        int      PRIMARY KEY CHECK (move_no = 1),
  source         text     NOT NULL,            -- what the embedded store held
  source_time    float8   NOT NULL,            -- store time there and here when the copy began
  target_time    float8   NOT NULL,
  tables         int      NOT NULL DEFAULT 0,  -- copied whole
  rows           bigint   NOT NULL DEFAULT 0,  -- of the table after those
  last_key       text,                         -- of the last of these rows, as JSON
  ended_at       bigint
);
