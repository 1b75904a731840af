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
CREATE INDEX IF NOT EXISTS `ix_health_incidents_agent` ON `health_incidents` (`agent_id`,`started_at`);--> statement-breakpoint
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
ALTER TABLE `agents` ADD `registered_by` text;--> statement-breakpoint
ALTER TABLE `agents` ADD `paused_at` DATETIME;--> statement-breakpoint
ALTER TABLE `agents` ADD `check_interval_seconds` real;--> statement-breakpoint
ALTER TABLE `agents` ADD `check_timeout_seconds` real;