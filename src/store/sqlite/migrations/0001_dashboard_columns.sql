ALTER TABLE `agents` ADD `base_url` text;--> statement-breakpoint
ALTER TABLE `agents` ADD `last_schema` text;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `agent_id` VARCHAR(255);--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `agent_workflow` VARCHAR(256);--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `agent_url` text;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `job_id` text;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `attempt` integer;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `sent_at` DATETIME;