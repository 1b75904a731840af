CREATE TABLE IF NOT EXISTS `input_schemas` (
	`hash` text PRIMARY KEY NOT NULL,
	`text` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `run_events` (
	`id` integer PRIMARY KEY NOT NULL,
	`run_id` VARCHAR(36) NOT NULL,
	`at` DATETIME NOT NULL,
	`kind` text NOT NULL,
	`attempt` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_events_run` ON `run_events` (`run_id`);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `run_exchanges` (
	`id` integer PRIMARY KEY NOT NULL,
	`run_id` VARCHAR(36) NOT NULL,
	`attempt` integer NOT NULL,
	`at` DATETIME NOT NULL,
	`method` text NOT NULL,
	`url` text NOT NULL,
	`duration_ms` real NOT NULL,
	`request_headers` text NOT NULL,
	`request_body` text,
	`status` integer,
	`response_headers` text,
	`response_body` text,
	`failure` text
);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_exchanges_run` ON `run_exchanges` (`run_id`);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `run_keys` (
	`key` text PRIMARY KEY NOT NULL,
	`run_id` VARCHAR(36) NOT NULL,
	`inputs_hash` text NOT NULL,
	`created_at` DATETIME NOT NULL
);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_keys_created` ON `run_keys` (`created_at`);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `health_checks` (
	`agent_id` VARCHAR(255) NOT NULL,
	`at` integer NOT NULL,
	`outcome` text NOT NULL,
	`latency_ms` real,
	`reason` text,
	PRIMARY KEY(`agent_id`, `at`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `health_incidents` (
	`id` integer PRIMARY KEY NOT NULL,
	`agent_id` VARCHAR(255) NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`reason` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_health_incidents_agent` ON `health_incidents` (`agent_id`,`started_at`);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `health_rollups` (
	`agent_id` VARCHAR(255) NOT NULL,
	`span` integer NOT NULL,
	`at` integer NOT NULL,
	`up` integer NOT NULL,
	`down` integer NOT NULL,
	`answered` integer NOT NULL,
	`latency_sum` real NOT NULL,
	`latency_min` real,
	`latency_max` real,
	PRIMARY KEY(`agent_id`, `span`, `at`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `dashboard_state` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `run_days` (
	`at` integer NOT NULL,
	`agent` text NOT NULL,
	`status` text NOT NULL,
	`runs` integer NOT NULL,
	`duration` real NOT NULL,
	`timed` integer NOT NULL,
	`tokens` integer NOT NULL,
	`cost` real NOT NULL,
	PRIMARY KEY(`at`, `agent`, `status`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `run_hours` (
	`at` integer NOT NULL,
	`agent` text NOT NULL,
	`status` text NOT NULL,
	`runs` integer NOT NULL,
	`duration` real NOT NULL,
	`timed` integer NOT NULL,
	`tokens` integer NOT NULL,
	`cost` real NOT NULL,
	PRIMARY KEY(`at`, `agent`, `status`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `run_index` (
	`seq` integer PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	`agent` text NOT NULL,
	`agent_id` text,
	`workflow` text NOT NULL,
	`status` text NOT NULL,
	`started_at` text NOT NULL,
	`completed_at` text,
	`duration` real,
	`tokens` integer,
	`cost` real,
	`rerun_of` text,
	`error` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX IF NOT EXISTS `ux_run_index_run` ON `run_index` (`run_id`);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_agent` ON `run_index` (`agent`);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_status` ON `run_index` (`status`);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_agent_status` ON `run_index` (`agent`,`status`);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_workflow` ON `run_index` (`workflow`);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_duration` ON `run_index` (`duration`,`seq`,`status`,`agent`);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_cost` ON `run_index` (`cost`,`seq`,`status`,`agent`);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_rerun_of` ON `run_index` (`rerun_of`) WHERE `rerun_of` IS NOT NULL;
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_agent_id` ON `run_index` (`agent_id`) WHERE `agent_id` IS NOT NULL;
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_local` ON `run_index` (`agent`) WHERE `agent_id` IS NULL;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `run_search_queue` (
	`seq` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
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
CREATE TABLE IF NOT EXISTS `run_totals` (
	`at` integer NOT NULL,
	`status` text NOT NULL,
	`runs` integer NOT NULL,
	`duration` real NOT NULL,
	`timed` integer NOT NULL,
	`tokens` integer NOT NULL,
	`cost` real NOT NULL,
	PRIMARY KEY(`at`, `status`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `bulk_jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`action` text NOT NULL,
	`state` text NOT NULL,
	`filter` text,
	`run_ids` text,
	`total` integer,
	`place` integer,
	`done` integer NOT NULL,
	`left_out` integer NOT NULL,
	`failed` integer NOT NULL,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	`closed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX IF NOT EXISTS `ux_bulk_jobs_token` ON `bulk_jobs` (`token`);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `bulk_reasons` (
	`job_id` text NOT NULL,
	`kind` text NOT NULL,
	`reason` text NOT NULL,
	`runs` integer NOT NULL,
	`run_id` text NOT NULL,
	PRIMARY KEY(`job_id`, `kind`, `reason`)
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `run_search_long` (
	`seq` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_tokens` ON `run_index` (`tokens`,`seq`,`status`,`agent`);
--> statement-breakpoint
ALTER TABLE `agents` ADD `base_url` text;
--> statement-breakpoint
ALTER TABLE `agents` ADD `last_schema` text;
--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `agent_id` VARCHAR(255);
--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `agent_workflow` VARCHAR(256);
--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `agent_url` text;
--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `job_id` text;
--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `attempt` integer;
--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `sent_at` DATETIME;
--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `polls` integer;
--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `rerun_of` VARCHAR(36);
--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `error_fields` text;
--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `withheld` text;
--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `schema_hash` text;
--> statement-breakpoint
ALTER TABLE `agents` ADD `registered_by` text;
--> statement-breakpoint
ALTER TABLE `agents` ADD `paused_at` DATETIME;
--> statement-breakpoint
ALTER TABLE `agents` ADD `check_interval_seconds` real;
--> statement-breakpoint
ALTER TABLE `agents` ADD `check_timeout_seconds` real;
--> statement-breakpoint
ALTER TABLE `agents` ADD `given_name` text;
--> statement-breakpoint
ALTER TABLE `agents` ADD `given_description` text;
--> statement-breakpoint
-- From here on written by hand: drizzle-kit knows no virtual tables, and a file may be of any earlier version of ours,
-- whatever part of all this it has. Views and triggers are in sql/triggers.ts.
DROP INDEX IF EXISTS `ix_workflow_runs_started`;
--> statement-breakpoint
DROP INDEX IF EXISTS `ix_workflow_runs_status`;
--> statement-breakpoint
DROP INDEX IF EXISTS `ix_workflow_runs_workflow`;
--> statement-breakpoint
DROP INDEX IF EXISTS `ix_workflow_runs_workflow_status`;
--> statement-breakpoint
DROP INDEX IF EXISTS `ix_workflow_runs_agent`;
--> statement-breakpoint
DROP INDEX IF EXISTS `ix_workflow_runs_rerun_of`;
--> statement-breakpoint
INSERT OR REPLACE INTO `run_totals`
SELECT at, status, sum(runs), sum(duration), sum(timed), sum(tokens), sum(cost) FROM run_days GROUP BY at, status;
--> statement-breakpoint
-- The text of runs, by their numbers in run_index. Texts are taken apart by shared/search/words.ts, whatever the script:
-- FTS5 only has to split them at spaces. Earlier versions had FTS5 take them apart, so the table is made anew, and
-- history/search-index.ts fills it.
DROP TABLE IF EXISTS run_search;
--> statement-breakpoint
DELETE FROM dashboard_state WHERE key = 'search_words';
--> statement-breakpoint
CREATE VIRTUAL TABLE run_search USING fts5(
	inputs, outputs, error, content = '', contentless_delete = 1, detail = column, tokenize = 'ascii'
);
--> statement-breakpoint
INSERT INTO run_search (run_search, rank) VALUES ('automerge', 0);
--> statement-breakpoint
INSERT INTO run_search (run_search, rank) VALUES ('crisismerge', 1999);
--> statement-breakpoint
INSERT INTO run_search (run_search, rank) VALUES ('usermerge', 8);
--> statement-breakpoint
-- Rows that were there before the triggers: history/filling.ts takes them in from the newest to the oldest.
INSERT OR IGNORE INTO dashboard_state SELECT 'history_newest', coalesce(max(rowid), 0) FROM workflow_runs;
--> statement-breakpoint
INSERT OR IGNORE INTO dashboard_state SELECT 'history_oldest', coalesce(min(rowid), 1) FROM workflow_runs;
--> statement-breakpoint
INSERT OR IGNORE INTO dashboard_state SELECT 'history_next', value FROM dashboard_state WHERE key = 'history_newest';
--> statement-breakpoint
-- The same for execution states: runs/state-index.ts takes them in.
INSERT OR IGNORE INTO dashboard_state SELECT 'states_newest', coalesce(max(id), 0) FROM execution_states;
--> statement-breakpoint
INSERT OR IGNORE INTO dashboard_state SELECT 'states_oldest', coalesce(min(id), 1) FROM execution_states;
--> statement-breakpoint
INSERT OR IGNORE INTO dashboard_state SELECT 'states_next', value FROM dashboard_state WHERE key = 'states_newest';
