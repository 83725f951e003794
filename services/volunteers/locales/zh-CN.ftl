# 证书和核验页面上的文字。每条信息都有两种语言。
title = 志愿服务证书
attests = 兹证明
served = 参加了 { $tournament } 志愿服务
credited = 服务时长 { $hours }
shift = 共 1 个班次
shifts = 共 { $shifts } 个班次
between = { $first } 至 { $last }
thanks = 感谢您付出的时间、关爱与热情。
number = 证书编号 { $number } · 签发日期 { $date }
verify = 凭核验码 { $code } 核验
verify-at = 核验地址 { $address }
hours = { $hours } 小时 { $minutes } 分钟
page-title = 证书核验
page-valid = 该证书有效。
page-revoked = 该证书已被撤销，不再具有证明效力。
page-unknown = 没有使用该核验码的证书。
page-credited = 服务时长
page-shifts = 班次
page-period = 服务期间
page-issued = 签发日期
page-person = 姓名（仅显示首字）
page-name = 请将姓名、核验码和以上信息与您手中的证书对照。

# 志愿者个人班次日历。
calendar = 我的班次：{ $tournament }
calendar-invited = 已发出邀请，请答复。
calendar-accepted = 已接受
calendar-signed-in = 已签到
calendar-signed-out = 已完成，感谢您！
