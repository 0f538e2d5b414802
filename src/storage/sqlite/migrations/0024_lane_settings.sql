-- The settings of lanes that were changed while the service ran, and their version. 0: never changed.
ALTER TABLE gate ADD COLUMN settings_version INTEGER NOT NULL DEFAULT 0;
-- Beside the gate, because each claim writes the gate's row.
CREATE TABLE lane_settings (
  lane_no        INTEGER PRIMARY KEY,
  settings       TEXT    NOT NULL        -- JSON, see LaneDocument
);
