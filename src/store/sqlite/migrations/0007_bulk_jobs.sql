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
