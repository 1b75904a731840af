ALTER TABLE `run_index` ADD `reported` integer;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `reported_at` DATETIME;