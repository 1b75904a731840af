CREATE TABLE IF NOT EXISTS `dashboard_audit` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor_id` text NOT NULL,
	`actor_name` text NOT NULL,
	`actor_role` text NOT NULL,
	`action` text NOT NULL,
	`subject_kind` text,
	`subject_id` text,
	`subject_name` text,
	`agent_id` text,
	`details` text,
	`address` text
);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `dashboard_audit_at` ON `dashboard_audit` (`at`);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `dashboard_audit_actor` ON `dashboard_audit` (`actor_name`,`at`);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `dashboard_audit_action` ON `dashboard_audit` (`action`,`at`);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `dashboard_audit_actor_action` ON `dashboard_audit` (`actor_name`,`action`,`at`);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `dashboard_audit_agent` ON `dashboard_audit` (`agent_id`,`at`);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `dashboard_audit_agent_actor` ON `dashboard_audit` (`agent_id`,`actor_name`,`at`);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `dashboard_audit_agent_action` ON `dashboard_audit` (`agent_id`,`action`,`at`);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `dashboard_audit_agent_actor_action` ON `dashboard_audit` (`agent_id`,`actor_name`,`action`,`at`);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `dashboard_audit_subject` ON `dashboard_audit` (`subject_id`,`at`);