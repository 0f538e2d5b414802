-- The replicas that are running, and the digest of the base settings that each gives its lanes, as JSON. Nothing is lost with it.
CREATE UNLOGGED TABLE replica (
  replica_id     uuid   PRIMARY KEY,
  seen_time      float8 NOT NULL,
  bases          text   NOT NULL
);
