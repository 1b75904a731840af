ALTER TABLE `bulk_jobs` ADD `started_by` text;--> statement-breakpoint
ALTER TABLE `run_index` ADD `started_by` text;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_started_by` ON `run_index` (`started_by`) WHERE `started_by` IS NOT NULL;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `started_by_name` text;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `started_by_id` text;
