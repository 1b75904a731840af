CREATE TABLE IF NOT EXISTS `agents` (
	`agent_id` VARCHAR(255) PRIMARY KEY NOT NULL,
	`agent_name` VARCHAR(256) NOT NULL,
	`host` VARCHAR(256) NOT NULL,
	`port` integer NOT NULL,
	`last_heartbeat` DATETIME NOT NULL,
	`ttl_seconds` integer NOT NULL,
	`agent_metadata` VARCHAR(4000),
	`registered_at` DATETIME NOT NULL
);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_agents_last_heartbeat` ON `agents` (`last_heartbeat`);--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `execution_states` (
	`id` integer PRIMARY KEY NOT NULL,
	`run_id` VARCHAR(36) NOT NULL,
	`node_id` VARCHAR(128) NOT NULL,
	`state_data` text NOT NULL,
	`created_at` DATETIME NOT NULL,
	FOREIGN KEY (`run_id`) REFERENCES `workflow_runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `session_state` (
	`id` VARCHAR(36) PRIMARY KEY NOT NULL,
	`session_start` DATETIME NOT NULL,
	`dirty_shutdown` integer NOT NULL,
	`active_workflows` text,
	`session_data` text,
	`last_updated` DATETIME NOT NULL
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `workflow_runs` (
	`id` VARCHAR(36) PRIMARY KEY NOT NULL,
	`workflow_name` VARCHAR(256) NOT NULL,
	`status` VARCHAR(32) NOT NULL,
	`config_snapshot` text,
	`inputs` text,
	`outputs` text,
	`error_message` text,
	`started_at` DATETIME NOT NULL,
	`completed_at` DATETIME,
	`duration_seconds` FLOAT,
	`total_tokens` integer,
	`total_cost_usd` FLOAT,
	`bottleneck_info` text
);
