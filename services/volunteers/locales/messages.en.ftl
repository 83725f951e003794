# Templates of messages to volunteers. Every message stands in both languages; its fields are those of domain/wording.
shift-reminder-subject = { $tournament }: your shifts
shift-reminder-body =
    Dear { $name },

    please remember your shifts at { $tournament }. { $note }

    If you cannot come, tell your leader as soon as you can.
meeting-point-subject = { $tournament }: where we meet
meeting-point-body =
    Dear { $name },

    we meet at { $place } at { $time }.

    Bring your pass, and allow time for the security check.
weather-pause-subject = { $tournament }: paused for the weather
weather-pause-body =
    Dear { $name },

    the work outdoors is paused until { $until } because of the weather. Go indoors, and stay there until your leader calls you.
thanks-subject = { $tournament }: thank you
thanks-body =
    Dear { $name },

    thank you for your time, your care and your welcome at { $tournament }.
