ALTER TABLE `bulk_jobs` ADD `stop_reason` text;
