-- What an audit finds in a log of bare lines, asked of DuckDB: each of the ten kinds that `generate` plants, at its line.
-- It knows that log: what it would need for others is left out. LOG is the path.
WITH log AS (
  SELECT row_number() OVER () AS line, type, coalesce(threadId, aggregateId) AS thread, turnId AS turn,
    coalesce(createdAt, occurredAt) AS time, payload.state AS state, payload.session AS session
  FROM read_json('LOG', format = 'newline_delimited', columns = {
    type: 'VARCHAR', threadId: 'VARCHAR', aggregateId: 'VARCHAR', turnId: 'VARCHAR', createdAt: 'VARCHAR', occurredAt: 'VARCHAR',
    payload: 'STRUCT(state VARCHAR, session STRUCT(status VARCHAR, activeTurnId VARCHAR, updatedAt VARCHAR))'})),
events AS MATERIALIZED (
  SELECT line, thread, turn, time, CASE
      WHEN type = 'turn.started' THEN 'start'
      WHEN type IN ('turn.completed', 'turn.aborted') THEN 'end'
      WHEN type = 'session.state.changed' THEN 'rest'
      WHEN type = 'thread.session-set' THEN 'stored'
      WHEN type = 'thread.turn-start-requested' THEN 'asked'
      WHEN type IN ('session.started', 'session.exited') THEN type
      ELSE 'work' END AS kind,
    session.status NOT IN ('running', 'starting') AS at_rest, session.activeTurnId AS stored_turn, session.updatedAt AS stored_for
  FROM log WHERE type IN ('turn.started', 'turn.completed', 'turn.aborted', 'session.started', 'session.exited', 'thread.session-set',
      'thread.turn-start-requested')
    OR type = 'session.state.changed' AND state IN ('ready', 'interrupted', 'stopped', 'error')
    OR type IN ('item.started', 'item.updated', 'item.completed') AND turn IS NOT NULL),
ends AS (SELECT thread, turn, min(line) AS line, min(time) AS time FROM events WHERE kind = 'end' GROUP BY thread, turn),
told AS (
  SELECT events.*, ends.time AS ended FROM events LEFT JOIN ends
    ON ends.thread = events.thread AND ends.turn = coalesce(events.turn, stored_turn) AND ends.line < events.line
  WHERE kind <> 'work'),
known AS (
  SELECT *,
    last_value(CASE WHEN kind = 'start' AND ended IS NULL THEN turn
      WHEN kind IN ('end', 'rest', 'session.started', 'session.exited') THEN '' END IGNORE NULLS) OVER earlier AS active,
    last_value(CASE kind WHEN 'session.started' THEN '' WHEN 'session.exited' THEN time END IGNORE NULLS) OVER earlier AS left_at,
    last_value(CASE WHEN kind IN ('asked', 'start', 'session.exited') THEN kind END IGNORE NULLS) OVER earlier AS wanted
  FROM told WINDOW earlier AS (PARTITION BY thread ORDER BY line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
rests AS (
  SELECT thread, line, active, lead(line, 1, 9e18::BIGINT) OVER (PARTITION BY thread ORDER BY line) AS until, kind, at_rest FROM known),
found AS (SELECT line, thread, CASE
    WHEN kind = 'start' AND ended IS NOT NULL THEN 'settled_turn_started'
    WHEN kind = 'start' AND left_at <> '' THEN 'start_after_exit'
    WHEN kind = 'start' AND active NOT IN ('', turn) THEN 'turn_conflict'
    WHEN kind = 'end' AND active NOT IN ('', turn) AND ended IS NULL THEN 'foreign_end'
    WHEN kind = 'rest' AND active <> '' THEN 'turn_never_settled'
    WHEN kind = 'session.exited' AND wanted = 'asked' THEN 'pending_start_lost'
    WHEN kind = 'stored' AND at_rest AND stored_turn IS NOT NULL THEN 'inactive_with_turn'
    WHEN kind = 'stored' AND NOT at_rest AND ended < stored_for THEN 'host_keeps_settled_turn'
    WHEN kind = 'stored' AND NOT at_rest AND left_at <> '' AND left_at < stored_for THEN 'host_works_after_exit' END AS finding
  FROM known
  UNION ALL
  SELECT min(work.line), work.thread, 'host_rests_during_turn' FROM rests JOIN events AS work
    ON work.thread = rests.thread AND work.turn = rests.active AND work.kind = 'work' AND work.line BETWEEN rests.line AND rests.until
  WHERE rests.kind = 'stored' AND rests.at_rest AND rests.active <> '' GROUP BY work.thread, rests.line)
SELECT line || ' ' || thread || ' ' || finding FROM found WHERE finding IS NOT NULL ORDER BY line
