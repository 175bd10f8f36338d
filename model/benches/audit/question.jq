# What an audit finds in a log of bare lines, asked of jq: see question.sql. Folded thread by thread, since an object that all threads
# share would be copied at each change.
{"turn.started": "start", "turn.completed": "end", "turn.aborted": "end", "session.started": "come", "session.exited": "go",
 "session.state.changed": "state", "thread.session-set": "stored", "thread.turn-start-requested": "asked",
 "item.started": "work", "item.updated": "work", "item.completed": "work"} as $kinds
| {"ready": true, "interrupted": true, "stopped": true, "error": true} as $rests
| def tell($event; $what): .found += [[$event.line, $event.thread, $what]];
[inputs | $kinds[.type // ""] as $kind | select($kind)
  | if $kind == "work" then {line: input_line_number, $kind, thread: .threadId, turn: .turnId}
    else {line: input_line_number, $kind, thread: (.threadId // .aggregateId), turn: .turnId, time: (.createdAt // .occurredAt),
      state: .payload.state, session: .payload.session} end]
| [group_by(.thread)[] | reduce .[] as $e ({active: "", left: "", ended: {}, resting: false, asked: false, found: []};
    if $e.kind == "work" then
      if .resting and $e.turn == .active then tell($e; "host_rests_during_turn") | .resting = false else . end
    elif $e.kind == "stored" then
      $e.session.activeTurnId as $turn | $rests[$e.session.status] as $rests
      | (if $rests then if $turn then tell($e; "inactive_with_turn") else . end
        elif .ended[$turn // ""] and .ended[$turn] < $e.session.updatedAt then tell($e; "host_keeps_settled_turn")
        elif .left != "" and .left < $e.session.updatedAt then tell($e; "host_works_after_exit")
        else . end)
      | .resting = ($rests and .active != "")
    else .resting = false |
      if $e.kind == "start" then
        .asked = false
        | if .ended[$e.turn] then tell($e; "settled_turn_started") else
            (if .left != "" then tell($e; "start_after_exit")
            elif .active != "" and .active != $e.turn then tell($e; "turn_conflict")
            else . end) | .active = $e.turn end
      elif $e.kind == "end" then
        (if .active != "" and .active != $e.turn and (.ended[$e.turn] | not) then tell($e; "foreign_end") else . end)
        | .ended[$e.turn] = $e.time | .active = ""
      elif $e.kind == "state" then
        if $rests[$e.state] then (if .active != "" then tell($e; "turn_never_settled") else . end) | .active = "" else . end
      elif $e.kind == "asked" then .asked = true
      elif $e.kind == "come" then .active = "" | .left = ""
      else (if .asked then tell($e; "pending_start_lost") else . end) | .asked = false | .active = "" | .left = $e.time end
    end) | .found[]] | sort[] | map(tostring) | join(" ")
