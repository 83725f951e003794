# What alerts say. Every message stands in both languages.
what-density = { $place }: { $figure } people per m² (90 of 100: { $low } to { $high } people), { $level } from { $threshold }
what-capacity = { $place }: { $figure } % of the nearer limit, { $level } from { $threshold } %
what-counter-fault = { $place }: what was counted cannot be; probably wrong: { $children }
what-counter-silent = { $place }: silent counters: { $count } ({ $children })
what-stale-estimate = { $place }: not all of its counters have spoken for { $figure } minutes
what-quota-overdue = { $place }: overdue offline quotas: { $count } ({ $children }), the longest for { $figure } minutes
what-device-silent = { $place }: devices that have not scanned for ten minutes: { $count } ({ $children })
what-conflict = { $place }: conflicts between tickets: { $count }, the last at { $children }

action-density = Pause entry at { $gates }
action-capacity = Pause entry at { $gates }
action-counter-fault = Count { $place } by hand, and look at the counters named
action-counter-silent = Look at the counters named; count { $place } by hand before relying on it
action-stale-estimate = Count { $place } by hand: the estimate is old
action-quota-overdue = Upload the logs of the devices named, or write their quotas off
action-device-silent = Ask the stewards at the devices named whether they scan without a network
action-conflict = Look at the conflicts of { $place }; check identities at the gates named
no-gates = the gates that lead there

prediction-none = Nothing is predicted: no rate is known
prediction-rates = At { $inflow } in and { $outflow } out a minute over the last { $window } minutes,
prediction-reached = red is reached
prediction-limit = red is reached in about { $minutes } minutes ({ $earliest } to { $latest })
prediction-no-limit = red is not reached in the next { $horizon } minutes (at the earliest: { $earliest })
prediction-paused = With entry paused the alert can end in about { $minutes } minutes. This is a projection of these rates
prediction-paused-long = With entry paused it does not end in the next { $horizon } minutes. This is a projection of these rates
prediction-counted = A count by hand makes the estimate rest on it again
prediction-uploaded = A complete log frees the places of a quota that nobody took
prediction-asked = A device that scans again ends the alert
prediction-checked = Each double is one person more inside; the count is right with it
never = not within { $horizon }

level-yellow = yellow
level-orange = orange
level-red = red
