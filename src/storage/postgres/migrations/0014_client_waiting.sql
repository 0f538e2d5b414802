-- Ids of each client that wait and were never sent: the sum of its stripes, of which some may be below zero. Stripe n
-- belongs to whoever holds the gate of lane n, those below zero to acceptances. What belongs to no client is not in it.
CREATE TABLE client_waiting (
  client         text     NOT NULL,
  stripe         int      NOT NULL,
  ids            bigint   NOT NULL,
  PRIMARY KEY (client, stripe)
) WITH (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
INSERT INTO client_waiting (client, stripe, ids)
SELECT client, -1, sum(total - taken) FROM ingestion
WHERE client IS NOT NULL AND taken < total AND cancelled_at IS NULL GROUP BY client;

-- Whose list it is that is still arriving.
ALTER TABLE staging ADD COLUMN client text;

-- An aggregate over lists in their order: the ids of those that find room, each only where it does as a whole.
CREATE FUNCTION take_room(taken bigint, ids bigint, room bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
AS 'SELECT CASE WHEN taken + ids <= room THEN taken + ids ELSE taken END';
CREATE AGGREGATE within_room(ids bigint, room bigint) (SFUNC = take_room, STYPE = bigint, INITCOND = '0');
