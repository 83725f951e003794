# What certificates and the page that verifies them say. Every message stands in both languages.
title = Certificate of Volunteer Service
attests = This is to certify that
served = has volunteered at { $tournament }
credited = for { $hours }
shift = on one shift
shifts = on { $shifts } shifts
between = from { $first } to { $last }
thanks = With thanks for your time, your care and your welcome.
number = Certificate { $number } · issued { $date }
verify = Verify with the code { $code }
verify-at = Verify at { $address }
hours = { $hours } h { $minutes } min
page-title = Verify a certificate
page-valid = This certificate is valid.
page-revoked = This certificate has been revoked. It attests nothing any more.
page-unknown = There is no certificate with this code.
page-credited = Credited service
page-shifts = Shifts
page-period = Period
page-issued = Issued
page-person = Name, in first letters
page-name = Compare the name, the code and these facts with the certificate in your hands.

# The calendar of a volunteer's own shifts.
calendar = My shifts: { $tournament }
calendar-invited = You are invited: please answer.
calendar-accepted = You have accepted.
calendar-signed-in = You are signed in.
calendar-signed-out = You were there. Thank you!
