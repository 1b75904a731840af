ALTER TABLE `saved_views` ADD `owner` text;--> statement-breakpoint
ALTER TABLE `saved_views` ADD `shared` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_agent_workflow` ON `run_index` (`agent`,`workflow`);