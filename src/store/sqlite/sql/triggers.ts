/** Unknown to drizzle-kit, in order. A start that finds others in the file makes them anew. Python's SQLite runs them
 * too: it may be of 2020, without JSON and FTS5. ON CONFLICT of its statements also holds in a trigger, so there must
 * be no conflicts. */
export const viewsAndTriggers: readonly string[] = [
  // `first`: the first seq of the start's millisecond, 0 where that is unreadable. After 2039 numbers would not be
  // exact in JavaScript. Numbers that are invalid, or too large to add up, count as unknown.
  `CREATE VIEW run_entries AS
SELECT
	rowid AS position,
	4096 * max(0, min(2199022206976, coalesce(
		CASE WHEN trim(started_at, char(32, 9, 10, 13)) GLOB '????-??-??[ T]??:??:??*'
			THEN 1000 * strftime('%s', substr(trim(started_at, char(32, 9, 10, 13)), 1, 19)) END
		+ CAST(1000 * substr('0' || substr(trim(started_at, char(32, 9, 10, 13)), 20), 1, 5) + 0.5 AS INTEGER)
		+ CASE WHEN replace(trim(started_at, char(32, 9, 10, 13)), ':', '') GLOB '*[+-][0-9][0-9][0-9][0-9]'
			THEN 60000 * (2 * (substr(replace(trim(started_at, char(32, 9, 10, 13)), ':', ''), -5, 1) = '-') - 1) * (
				60 * substr(replace(trim(started_at, char(32, 9, 10, 13)), ':', ''), -4, 2)
				+ substr(trim(started_at, char(32, 9, 10, 13)), -2)
			) ELSE 0 END,
		0
	))) AS first,
	id AS run_id, workflow_name AS agent, agent_id, coalesce(agent_workflow, workflow_name) AS workflow, status,
	started_at, completed_at,
	CASE WHEN typeof(duration_seconds) IN ('integer', 'real') AND duration_seconds BETWEEN -1e9 AND 1e9
		THEN duration_seconds END AS duration,
	CASE WHEN typeof(total_tokens) IN ('integer', 'real') AND total_tokens BETWEEN -1e12 AND 1e12
		THEN CAST(total_tokens AS INTEGER) END AS tokens,
	CASE WHEN typeof(total_cost_usd) IN ('integer', 'real') AND total_cost_usd BETWEEN -1e9 AND 1e9
		THEN total_cost_usd END AS cost,
	rerun_of, substr(CAST(error_message AS TEXT), 1, 200) AS error,
	CASE WHEN reported_at IS NOT NULL THEN 1 END AS reported, started_by_name AS started_by
FROM workflow_runs`,
  // The next free seq of the millisecond, or, where 4096 runs started in it, of a later one.
  `CREATE TRIGGER run_entries_added INSTEAD OF INSERT ON run_entries BEGIN
	INSERT INTO run_index (
		seq, run_id, agent, agent_id, workflow, status, started_at, completed_at, duration, tokens, cost, rerun_of, error,
		reported, started_by
	) SELECT
		CASE
			WHEN NOT EXISTS (SELECT 1 FROM run_index WHERE seq = NEW.first + 4095)
				THEN coalesce((SELECT max(seq) + 1 FROM run_index WHERE seq BETWEEN NEW.first AND NEW.first + 4094), NEW.first)
			WHEN NOT EXISTS (SELECT 1 FROM run_index WHERE seq = NEW.first + 1048575)
				THEN (SELECT max(seq) + 1 FROM run_index WHERE seq BETWEEN NEW.first AND NEW.first + 1048574)
			ELSE (SELECT max(seq) + 1 FROM run_index)
		END,
		NEW.run_id, NEW.agent, NEW.agent_id, NEW.workflow, NEW.status, NEW.started_at, NEW.completed_at,
		NEW.duration, NEW.tokens, NEW.cost, NEW.rerun_of, NEW.error, NEW.reported,
		NEW.started_by;
END`,
  // The row may have replaced another of its id, without a trigger for the other one.
  `CREATE TRIGGER workflow_runs_added AFTER INSERT ON workflow_runs BEGIN
	DELETE FROM run_index WHERE run_id = NEW.id;
	INSERT INTO run_entries SELECT * FROM run_entries WHERE run_id = NEW.id;
END`,
  `CREATE TRIGGER workflow_runs_changed AFTER UPDATE OF
	workflow_name, agent_id, agent_workflow, status, completed_at, duration_seconds, total_tokens, total_cost_usd, rerun_of,
	error_message, reported_at, started_by_name
ON workflow_runs BEGIN
	UPDATE run_index SET
		(agent, agent_id, workflow, status, completed_at, duration, tokens, cost, rerun_of, error, reported, started_by) = (
			SELECT agent, agent_id, workflow, status, completed_at, duration, tokens, cost, rerun_of, error, reported, started_by
			FROM run_entries WHERE run_id = NEW.id
		)
	WHERE run_id = NEW.id;
END`,
  `CREATE TRIGGER workflow_runs_moved AFTER UPDATE OF id, started_at ON workflow_runs
WHEN OLD.id IS NOT NEW.id OR OLD.started_at IS NOT NEW.started_at BEGIN
	DELETE FROM run_index WHERE run_id IN (OLD.id, NEW.id);
	INSERT INTO run_entries SELECT * FROM run_entries WHERE run_id = NEW.id;
END`,
  `CREATE TRIGGER workflow_runs_rewritten AFTER UPDATE OF inputs, outputs, error_message ON workflow_runs
WHEN OLD.inputs IS NOT NEW.inputs OR OLD.outputs IS NOT NEW.outputs OR OLD.error_message IS NOT NEW.error_message BEGIN
	INSERT INTO run_search_queue SELECT seq FROM run_index
	WHERE run_id = NEW.id AND seq NOT IN (SELECT seq FROM run_search_queue);
END`,
  `CREATE TRIGGER workflow_runs_removed AFTER DELETE ON workflow_runs BEGIN
	DELETE FROM run_index WHERE run_id = OLD.id;
END`,
  // What each run adds to the sums. Inserting into it adds that, or subtracts it with -1 for `runs`.
  `CREATE VIEW run_sums AS SELECT seq, agent, status, 1 AS runs, duration, tokens, cost FROM run_index`,
  // A number divided by 4096 and the milliseconds of an hour, or of a day.
  `CREATE TRIGGER run_sums_added INSTEAD OF INSERT ON run_sums BEGIN
	INSERT INTO run_hours (at, agent, status, runs, duration, timed, tokens, cost) VALUES (
		NEW.seq / 14745600000, NEW.agent, NEW.status, NEW.runs, NEW.runs * coalesce(NEW.duration, 0),
		NEW.runs * (NEW.duration IS NOT NULL), NEW.runs * coalesce(NEW.tokens, 0), NEW.runs * coalesce(NEW.cost, 0)
	) ON CONFLICT (at, agent, status) DO UPDATE SET
		runs = runs + excluded.runs, duration = duration + excluded.duration, timed = timed + excluded.timed,
		tokens = tokens + excluded.tokens, cost = cost + excluded.cost;
	INSERT INTO run_days (at, agent, status, runs, duration, timed, tokens, cost) VALUES (
		NEW.seq / 353894400000, NEW.agent, NEW.status, NEW.runs, NEW.runs * coalesce(NEW.duration, 0),
		NEW.runs * (NEW.duration IS NOT NULL), NEW.runs * coalesce(NEW.tokens, 0), NEW.runs * coalesce(NEW.cost, 0)
	) ON CONFLICT (at, agent, status) DO UPDATE SET
		runs = runs + excluded.runs, duration = duration + excluded.duration, timed = timed + excluded.timed,
		tokens = tokens + excluded.tokens, cost = cost + excluded.cost;
	DELETE FROM run_hours
	WHERE NEW.runs < 0 AND at = NEW.seq / 14745600000 AND agent = NEW.agent AND status = NEW.status AND runs <= 0;
	DELETE FROM run_days
	WHERE NEW.runs < 0 AND at = NEW.seq / 353894400000 AND agent = NEW.agent AND status = NEW.status AND runs <= 0;
END`,
  `CREATE TRIGGER run_index_added AFTER INSERT ON run_index BEGIN
	INSERT INTO run_search_queue SELECT NEW.seq WHERE NEW.seq NOT IN (SELECT seq FROM run_search_queue);
	INSERT INTO run_sums VALUES (NEW.seq, NEW.agent, NEW.status, 1, NEW.duration, NEW.tokens, NEW.cost);
END`,
  `CREATE TRIGGER run_index_changed AFTER UPDATE OF agent, status, duration, tokens, cost ON run_index
WHEN OLD.agent IS NOT NEW.agent OR OLD.status IS NOT NEW.status OR OLD.duration IS NOT NEW.duration
	OR OLD.tokens IS NOT NEW.tokens OR OLD.cost IS NOT NEW.cost
BEGIN
	INSERT INTO run_sums VALUES (OLD.seq, OLD.agent, OLD.status, -1, OLD.duration, OLD.tokens, OLD.cost);
	INSERT INTO run_sums VALUES (NEW.seq, NEW.agent, NEW.status, 1, NEW.duration, NEW.tokens, NEW.cost);
END`,
  `CREATE TRIGGER run_index_removed AFTER DELETE ON run_index BEGIN
	INSERT INTO run_search_queue SELECT OLD.seq WHERE OLD.seq NOT IN (SELECT seq FROM run_search_queue);
	INSERT INTO run_sums VALUES (OLD.seq, OLD.agent, OLD.status, -1, OLD.duration, OLD.tokens, OLD.cost);
	DELETE FROM run_input_lines WHERE seq = OLD.seq;
END`,
  `CREATE TRIGGER execution_states_added AFTER INSERT ON execution_states BEGIN
	INSERT INTO run_states SELECT NEW.run_id, NEW.id
	WHERE NOT EXISTS (SELECT 1 FROM run_states WHERE run_id = NEW.run_id AND state_id = NEW.id);
END`,
  `CREATE TRIGGER execution_states_moved AFTER UPDATE OF id, run_id ON execution_states BEGIN
	DELETE FROM run_states WHERE run_id = OLD.run_id AND state_id = OLD.id;
	INSERT INTO run_states SELECT NEW.run_id, NEW.id
	WHERE NOT EXISTS (SELECT 1 FROM run_states WHERE run_id = NEW.run_id AND state_id = NEW.id);
END`,
  `CREATE TRIGGER execution_states_removed AFTER DELETE ON execution_states BEGIN
	DELETE FROM run_states WHERE run_id = OLD.run_id AND state_id = OLD.id;
END`,
  // What is ours of a run goes with it, whoever removes it. Its execution states are Python's: see runs/deletion.ts.
  `CREATE TRIGGER workflow_runs_gone AFTER DELETE ON workflow_runs BEGIN
	DELETE FROM run_events WHERE run_id = OLD.id;
	DELETE FROM run_exchanges WHERE run_id = OLD.id;
	DELETE FROM run_keys WHERE run_id = OLD.id;
END`,
  // Besides run_sums_added: what is inserted into the view reaches both.
  `CREATE TRIGGER run_totals_added INSTEAD OF INSERT ON run_sums BEGIN
	INSERT INTO run_totals (at, status, runs, duration, timed, tokens, cost) VALUES (
		NEW.seq / 353894400000, NEW.status, NEW.runs, NEW.runs * coalesce(NEW.duration, 0),
		NEW.runs * (NEW.duration IS NOT NULL), NEW.runs * coalesce(NEW.tokens, 0), NEW.runs * coalesce(NEW.cost, 0)
	) ON CONFLICT (at, status) DO UPDATE SET
		runs = runs + excluded.runs, duration = duration + excluded.duration, timed = timed + excluded.timed,
		tokens = tokens + excluded.tokens, cost = cost + excluded.cost;
	DELETE FROM run_totals WHERE NEW.runs < 0 AND at = NEW.seq / 353894400000 AND status = NEW.status AND runs <= 0;
END`,
]
