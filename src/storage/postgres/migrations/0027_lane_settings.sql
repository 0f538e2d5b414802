-- The settings of lanes that were changed while the service ran, and their version. 0: never changed.
ALTER TABLE gate ADD COLUMN settings_version bigint NOT NULL DEFAULT 0;
-- Beside the gate, because each claim writes the gate's row.
CREATE TABLE lane_settings (
  lane_no        int  PRIMARY KEY,
  settings       text NOT NULL           -- JSON, see LaneDocument
);
