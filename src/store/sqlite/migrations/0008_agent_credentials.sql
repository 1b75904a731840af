CREATE TABLE IF NOT EXISTS `agent_credentials` (
	`agent_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`origin` text NOT NULL,
	`sealed` text NOT NULL,
	`saved_at` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `agents` ADD `certificate_authority` text;--> statement-breakpoint
ALTER TABLE `agents` ADD `certificate_fingerprint` text;--> statement-breakpoint
ALTER TABLE `agents` ADD `health_path` text;