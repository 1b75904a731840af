CREATE TABLE IF NOT EXISTS `run_search_long` (
	`seq` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS `ix_run_index_tokens` ON `run_index` (`tokens`,`seq`,`status`,`agent`);
--> statement-breakpoint
-- From here on written by hand. Texts are taken apart by src/search-words.ts, whatever the script: FTS5 only has to part
-- them at spaces. search-index.ts fills the table anew, as dashboard_state knows nothing of a `search_words` yet.
DROP TABLE IF EXISTS run_search;
--> statement-breakpoint
CREATE VIRTUAL TABLE run_search USING fts5(
	inputs, outputs, error, content = '', contentless_delete = 1, detail = column, tokenize = 'ascii'
);
--> statement-breakpoint
INSERT INTO run_search (run_search, rank) VALUES ('automerge', 0);
--> statement-breakpoint
INSERT INTO run_search (run_search, rank) VALUES ('crisismerge', 1999);
--> statement-breakpoint
INSERT INTO run_search (run_search, rank) VALUES ('usermerge', 8);
