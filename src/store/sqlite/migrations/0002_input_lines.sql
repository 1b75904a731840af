CREATE TABLE IF NOT EXISTS `run_input_lines` (
	`seq` integer PRIMARY KEY NOT NULL,
	`line` text NOT NULL
);
