CREATE TABLE IF NOT EXISTS `removed_runs` (
	`run_id` text PRIMARY KEY NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `run_states` (
	`run_id` text NOT NULL,
	`state_id` integer NOT NULL,
	PRIMARY KEY(`run_id`, `state_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_keys_run` ON `run_keys` (`run_id`);
--> statement-breakpoint
-- From here on written by hand, and also run by the SQLite of the Python program: see 0004_run_index.sql.
CREATE TRIGGER IF NOT EXISTS execution_states_added AFTER INSERT ON execution_states BEGIN
	INSERT INTO run_states SELECT NEW.run_id, NEW.id
	WHERE NOT EXISTS (SELECT 1 FROM run_states WHERE run_id = NEW.run_id AND state_id = NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER IF NOT EXISTS execution_states_moved AFTER UPDATE OF id, run_id ON execution_states BEGIN
	DELETE FROM run_states WHERE run_id = OLD.run_id AND state_id = OLD.id;
	INSERT INTO run_states SELECT NEW.run_id, NEW.id
	WHERE NOT EXISTS (SELECT 1 FROM run_states WHERE run_id = NEW.run_id AND state_id = NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER IF NOT EXISTS execution_states_removed AFTER DELETE ON execution_states BEGIN
	DELETE FROM run_states WHERE run_id = OLD.run_id AND state_id = OLD.id;
END;
--> statement-breakpoint
-- What is ours of a run goes with it, whoever removes it. Its execution states are Python's: see run-removal.ts.
CREATE TRIGGER IF NOT EXISTS workflow_runs_gone AFTER DELETE ON workflow_runs BEGIN
	DELETE FROM run_events WHERE run_id = OLD.id;
	DELETE FROM run_exchanges WHERE run_id = OLD.id;
	DELETE FROM run_keys WHERE run_id = OLD.id;
END;
--> statement-breakpoint
-- Rows that were there before the triggers: see run-states.ts, which takes them in from the newest to the oldest.
INSERT OR IGNORE INTO dashboard_state SELECT 'states_newest', coalesce(max(id), 0) FROM execution_states;
--> statement-breakpoint
INSERT OR IGNORE INTO dashboard_state SELECT 'states_oldest', coalesce(min(id), 1) FROM execution_states;
--> statement-breakpoint
INSERT OR IGNORE INTO dashboard_state SELECT 'states_next', value FROM dashboard_state WHERE key = 'states_newest';
