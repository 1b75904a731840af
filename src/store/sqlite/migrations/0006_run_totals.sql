CREATE TABLE IF NOT EXISTS `run_totals` (
	`at` integer NOT NULL,
	`status` text NOT NULL,
	`runs` integer NOT NULL,
	`duration` real NOT NULL,
	`timed` integer NOT NULL,
	`tokens` integer NOT NULL,
	`cost` real NOT NULL,
	PRIMARY KEY(`at`, `status`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT OR REPLACE INTO `run_totals`
SELECT at, status, sum(runs), sum(duration), sum(timed), sum(tokens), sum(cost) FROM run_days GROUP BY at, status;
--> statement-breakpoint
-- Besides run_sums_added of 0004: what is inserted into the view reaches both.
CREATE TRIGGER IF NOT EXISTS run_totals_added INSTEAD OF INSERT ON run_sums BEGIN
	INSERT INTO run_totals (at, status, runs, duration, timed, tokens, cost) VALUES (
		NEW.seq / 353894400000, NEW.status, NEW.runs, NEW.runs * coalesce(NEW.duration, 0),
		NEW.runs * (NEW.duration IS NOT NULL), NEW.runs * coalesce(NEW.tokens, 0), NEW.runs * coalesce(NEW.cost, 0)
	) ON CONFLICT (at, status) DO UPDATE SET
		runs = runs + excluded.runs, duration = duration + excluded.duration, timed = timed + excluded.timed,
		tokens = tokens + excluded.tokens, cost = cost + excluded.cost;
	DELETE FROM run_totals WHERE NEW.runs < 0 AND at = NEW.seq / 353894400000 AND status = NEW.status AND runs <= 0;
END;
