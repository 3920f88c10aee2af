package plantest

// CityText is a small plan of a city: targets with and without numbers, a
// comparison, units with and without a lead.
const CityText = `本市2026年提振消费行动计划

一、重点任务
（一）扩大服务消费
1.增加托育服务供给。新增25个社区托育驿站，新建便民生活圈服务站15个以上。（责任单位：市卫生健康委、市商务局）
2.培育电商企业。全市电商零售企业突破1万家，打造一批直播基地。（牵头单位：市商务局；配合单位：市市场监管局）
（二）优化消费环境
3.推进放心消费。参与制定标准10项以上。（责任单位：市市场监管局）
4.加强宣传引导。开展主题宣传。（责任单位：市委宣传部）
5.稳定消费增长。社会消费品零售总额增速高于全省平均水平。（责任单位：市商务局）
`

// CountyText is a county's own list under CityText: one task that carries out a
// task of the city under nearly the same title, and one of its own.
const CountyText = `冠县2026年提振消费实施方案

一、重点任务
1.增加托育服务供给。新增3个社区托育驿站。（责任单位：县卫生健康局）
2.办好灵芝文化节。举办文旅活动2场次以上。（责任单位：县文化和旅游局）
`
