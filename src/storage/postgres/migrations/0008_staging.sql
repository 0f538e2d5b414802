-- Lists that are still arriving. Their chunks stand under the number -staging_no, which no ingestion has; an accepted
-- one keeps them there, and one that was given up goes by way of `removal`.
CREATE TABLE staging (
  staging_no     bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ids            int      NOT NULL DEFAULT 0,
  lease_ends_time float8  NOT NULL
) WITH (fillfactor = 10);

-- The number under which an ingestion's chunks stand, where it is not seq.
ALTER TABLE ingestion ADD COLUMN chunks_of bigint;
