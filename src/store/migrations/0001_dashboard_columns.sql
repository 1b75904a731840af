ALTER TABLE `agents` ADD `base_url` text;--> statement-breakpoint
ALTER TABLE `agents` ADD `last_schema` text;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `agent_id` VARCHAR(255);--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `agent_workflow` VARCHAR(256);--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `agent_url` text;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `job_id` text;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `attempt` integer;--> statement-breakpoint
ALTER TABLE `workflow_runs` ADD `sent_at` DATETIME;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_workflow_runs_started` ON `workflow_runs` (`started_at`,`id`);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_workflow_runs_status` ON `workflow_runs` (`status`,`started_at`,`id`);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_workflow_runs_workflow` ON `workflow_runs` (`workflow_name`,`started_at`,`id`);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_workflow_runs_workflow_status` ON `workflow_runs` (`workflow_name`,`status`,`started_at`,`id`);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_workflow_runs_agent` ON `workflow_runs` (`agent_id`,`started_at`,`id`);