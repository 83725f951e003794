# 告警文字。每条信息都有两种语言。
what-density = { $place }：每平方米 { $figure } 人（90% 区间：{ $low } 至 { $high } 人），{ $level }告警自 { $threshold } 起
what-capacity = { $place }：已达较近限额的 { $figure }%，{ $level }告警自 { $threshold }% 起
what-counter-fault = { $place }：计数结果不可能成立，疑似故障：{ $children }
what-counter-silent = { $place }：{ $count } 台客流计数器无数据：{ $children }
what-stale-estimate = { $place }：已有 { $figure } 分钟未收到全部计数器的数据
what-quota-overdue = { $place }：{ $count } 台设备的离线放行额度逾期，最长 { $figure } 分钟：{ $children }
what-device-silent = { $place }：{ $count } 台设备十分钟未检票：{ $children }
what-conflict = { $place }：发现 { $count } 起票证冲突，最近一起在 { $children }

action-density = 建议在 { $gates } 暂停放行
action-capacity = 建议在 { $gates } 暂停放行
action-counter-fault = 请对 { $place } 进行人工清点，并检查上述计数器
action-counter-silent = 请检查上述计数器；人工清点 { $place } 之前勿以估计为准
action-stale-estimate = 请对 { $place } 进行人工清点：估计已过时
action-quota-overdue = 请上传上述设备的记录，或核销其额度
action-device-silent = 请询问上述设备的检票员是否正在离线检票
action-conflict = 请查看 { $place } 的冲突记录，并在上述闸口核对身份
no-gates = 通往该处的闸口

prediction-none = 无法预测：流量未知
prediction-rates = 按最近 { $window } 分钟每分钟进 { $inflow } 人、出 { $outflow } 人推算，
prediction-reached = 已达红色
prediction-limit = 约 { $minutes } 分钟后达到红色（{ $earliest } 至 { $latest }）
prediction-no-limit = 未来 { $horizon } 分钟内不会达到红色（最早：{ $earliest }）
prediction-paused = 若暂停放行，约 { $minutes } 分钟后可解除。以上为按当前流量的推算
prediction-paused-long = 若暂停放行，未来 { $horizon } 分钟内仍不能解除。以上为按当前流量的推算
prediction-counted = 人工清点后，估计将以清点为准
prediction-uploaded = 记录完整后，未使用的额度将释放
prediction-asked = 设备恢复检票后告警解除
prediction-checked = 每起重复即多一人在场；人数已计入
never = { $horizon } 分钟内不会

level-yellow = 黄色
level-orange = 橙色
level-red = 红色
