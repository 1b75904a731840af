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
CREATE INDEX IF NOT EXISTS `ix_run_events_run` ON `run_events` (`run_id`);--> statement-breakpoint
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
CREATE INDEX IF NOT EXISTS `ix_run_exchanges_run` ON `run_exchanges` (`run_id`);--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `run_keys` (
	`key` text PRIMARY KEY NOT NULL,
	`run_id` VARCHAR(36) NOT NULL,
	`inputs_hash` text NOT NULL,
	`created_at` DATETIME NOT NULL
);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_keys_created` ON `run_keys` (`created_at`);--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `polls` integer;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `rerun_of` VARCHAR(36);--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `error_fields` text;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `withheld` text;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `schema_hash` text;