ALTER TABLE `workflow_runs` ADD `trace_id` text;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `trace_sampled` integer;