UPDATE dead_letter SET lane_no = ingestion.lane_no, client = ingestion.client
FROM ingestion WHERE ingestion.seq = dead_letter.seq AND dead_letter.lane_no IS NULL;
