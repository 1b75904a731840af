ALTER TABLE `agents` ADD `given_name` text;--> statement-breakpoint
ALTER TABLE `agents` ADD `given_description` text;