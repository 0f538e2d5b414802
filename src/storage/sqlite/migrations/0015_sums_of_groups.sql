-- What is accepted together is added to the sums together, by the acceptance itself: a trigger did it for each ingestion.
DROP TRIGGER ingestion_waits;
DROP TRIGGER client_waits;
