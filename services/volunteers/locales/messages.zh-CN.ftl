# 发给志愿者的消息模板。每条信息都有两种语言；字段见 domain/wording。
shift-reminder-subject = { $tournament }：班次提醒
shift-reminder-body =
    { $name }，您好：

    请留意您在{ $tournament }的班次。{ $note }

    如不能到岗，请尽早告知您的组长。
meeting-point-subject = { $tournament }：集合地点
meeting-point-body =
    { $name }，您好：

    请于 { $time } 在{ $place }集合。

    请携带证件，并预留安检时间。
weather-pause-subject = { $tournament }：因天气暂停
weather-pause-body =
    { $name }，您好：

    因天气原因，户外工作暂停至 { $until }。请进入室内，等候组长通知。
thanks-subject = { $tournament }：感谢您
thanks-body =
    { $name }，您好：

    感谢您在{ $tournament }付出的时间、关爱与热情。
