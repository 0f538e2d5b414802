-- A host that hangs is passed over with all that is due to it. The expression is `HOST` of due-deliveries.ts.
CREATE INDEX webhook_delivery_to_host ON webhook_delivery (substr(url, 1, 8 + instr(substr(url, 9), '/')), due_time)
WHERE state = 'pending';
