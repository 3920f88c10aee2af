package read

// The word lists of the genre. A list is plain text, words divided by blanks;
// the comment above says what the rule does with them. Nothing here names a
// place, a unit of government or a document.

// unitWords are measure words and units that a target may be counted in.
var unitWords = listOf(`
个 家 项 座 处 场 次 节 名 人 户 所 条 台 套 件 只 头 匹 辆 架 艘 张 份 部 本 册 篇 种 款 门 支 对 组 间 栋 幢 宗 笔 单 例 起 站 片 块 棵 株 尾 羽 口 眼 根 盏 枚 颗 位 班 床 床位 团 幅 首 集 档 期 类 批次 艘次 架次
人次 场次 户次 车次 台次 件次 家次 人天 课时 学时 学分 班次 万人次 台套 台件 班列 列 趟 标准箱 标箱 TEU 箱 桩 个班 路 杆 孔 组团 村 村次 亩次 套次 车 机位 车位 泊位 学位
平方米 平方公里 立方米 公里 千米 车道公里 皮长公里 芯公里 米 海里 亩 公顷 吨 千克 公斤 斤 克 升 方 ㎡ m² km² m3 km 吨标准煤 标准立方米 亩/年
千瓦 兆瓦 千瓦时 度 吉瓦 千伏安 kW MW GW kWh MWh GWh PB TB GB EFLOPS EFlops PFLOPS Mbps Gbps 兆 P E EB 微克/立方米 毫克/升 微克 毫克 分贝 摄氏度 ℃
元 美元 欧元 港元 日元 元/人 元/平方米 元/亩 元/吨 元/年 元/月
% ‰ 个百分点 百分点 倍 分 成
个工作日 工作日 小时 分钟 天 岁 个月 秒 个自然日 年 个小时 个季度
`)

// durationUnits count time: a figure in them is a target only beside a verb
// that shortens, lengthens or bounds it.
var durationUnits = listOf(`个工作日 工作日 小时 分钟 天 岁 个月 秒 个自然日 年 个小时 个季度 期 类 分 成 度 档 路 米 位`)

// moneyUnits are sums; see moneyTarget.
var moneyUnits = listOf(`元 美元 欧元 港元 日元 元/人 元/平方米 元/亩 元/吨 元/年 元/月`)

// sizeUnits describe a thing (500平方米以上的门店) as often as they count it.
var sizeUnits = listOf(`平方米 立方米 米 人 吨 千瓦 兆瓦 亩 公里 平方公里 千伏安 度 小时 岁 户 分 级 升 ㎡ 床 张 倍 千瓦时 床位 吉瓦`)

// rateUnits give shares and growth.
var rateUnits = listOf(`% ‰ 个百分点 百分点`)

// beforeNumber are the words right before a figure that say how it is held.
var beforeNumber = listOf(`不少于 不低于 不小于 不得少于 不得低于 不得小于 至少 最少 最低 达到 达 超过 超 突破 高于 多于 大于 逾 破 不超过 不高于 不多于 不大于 不得超过 不得高于 控制在 约 近 接近 低于 少于 小于 保持在 稳定在 维持在 增至 升至 降至 减至 增加到 增加至 提高到 提高至 提升到 提升至 扩大到 扩大至 达到约 达到近 下降到 下降至 降低到 降低至 降到 压缩到 压缩至 缩短到 缩短至 压减到 压减至 上升到 上升至 发展到 拓展到 拓展至 增长到 增长至 扩展到 控制到 恢复到 缩减至 缩减到 变为 扩充为 扩充到 增加为 调整为 优化至 提速至 压降至 压降到 减少到 减少至 不突破 过 大约 力争达到 将达到 要达到 应达到 达 分别达 分别达到 分别超过 分别为 分别不低于 分别不少于 分别突破 均达到 均达 均不低于 均超过 超出 完成 实现 在 为 到 至 保持 稳定 持续保持在`)

// comparatorWords maps words around a figure to a comparator; see comparatorOf.
var (
	wordsAtLeast = listOf(`不少于 不低于 不小于 不得少于 不得低于 不得小于 至少 最少 最低`)
	wordsAbove   = listOf(`超过 超 突破 高于 多于 大于 逾 破 超出`)
	wordsAtMost  = listOf(`不超过 不高于 不多于 不大于 不得超过 不得高于 不突破`)
	wordsAbout   = listOf(`约 近 接近 大约`)
	wordsBelow   = listOf(`低于 少于 小于`)
	afterAtLeast = listOf(`以上 及以上 或以上 (含)以上 (含以上)`)
	afterAtMost  = listOf(`以内 之内 以下 及以下 内`)
	afterAbout   = listOf(`左右 上下`)
)

// modalWords stand at the head of a clause before its verb.
var modalWords = listOf(`建议 力争 争取 努力 确保 推动 力促 保证 实现 促进 计划 预计 拟 将 要 应 须 使 让 其中 并 同时 以及 及 和 也 再 继续 持续 进一步 加快 积极 全面 着力 大力 深入 有序 稳步 扎实 统筹 鼓励 引导 支持 指导 督促 帮助 科学 有效 切实 逐步 分批 适时 按期 如期 一体 协同 联合 全力 抓紧 抓好 完成好 办好 做好 分类 分级 合力 总共 至少 每年 平均 均 分别 组织 主动 争创 规划 谋划 储备 到 在 力求 以 为 给 由 对 向 把 将 能够 已 需 达到 控制 按 按照 通过 牢牢 严格 动员 面向`)

// actionWords are verbs whose object is counted.
var actionWords = listOf(`新增 新建 新改建 新推出 开工改造 加装 组建 扩容 排查整治 排查治理 新开工 新建设 新引进 新培育 新认定 新创建 新打造 新设 新设立 新开 新购 新购置 新投放 新发展 新建成 新签约 新开通 新种植 新布局 新改扩建 新争取
建成 建设 建立 建好 打造 培育 培养 举办 开展 组织 组织开展 组织举办 发放 推广 推出 引进 引育 引入 新增加 增加 增设 增建 完成 实施 创建 创成 设立 成立 开设 开通 开工 开工建设 竣工 投产 投用 投运 改造 改建 扩建 改扩建 新(改、扩)建 新(改)建 改造提升 提高 提升 提升改造 升级 升级改造 提档升级 修复 修缮 修建 治理 整治 认定 评选 评定 遴选 选树 选派 选拔 招录 招引 招聘 招收 培训 吸纳 开发 募集 引导 带动 拉动 撬动 惠及 覆盖 服务 支持 帮扶 推动 推进 抓好 办好 上线 投放 更新 淘汰 购置 配备 配置 布局 布设 布点 安装 发展 发展壮大 壮大 扶持 实现 达成 签约 落地 落地建设 引进建设 争取 申报 申报创建 申请 参与制定 参与 制定 制定修订 制修订 修订 出台 发布 印发 编制 形成 输送 储备 梳理 攻克 突破 转化 承接 承办 举行 召开 走访 检查 抽检 抽查 监测 排查 整改 化解 办理 解决 处置 接待 接受 提供 供给 供应 保障 满足 拆除 清理 清淤 绿化 造林 种植 播种 养殖 出栏 存栏 生产 加工 销售 出口 进口 消纳 压减 减少 削减 降低 节约 盘活 收储 出让 流转 回收 回购 筹集 筹建 争创 新创 纳入 入库 推送 宣传 发动 动员 招募 聘请 选聘 遴选培育 培育打造 培育认定 引进培育 培育引进 培育壮大 培育发展 创建打造 打造提升 提升打造 建设改造 建设完善 改造建设 建设提升 投资建设 建成投用 建成运营 建成启用 完成建设 完成改造 升级打造 开发储备 培养招录 提速 强化 深化 加强 加大 扩大 增长 落实 营造 评估 认证 绘制 架设 铺设 敷设 拓宽 加固 维修 养护 打通 启动 试点推动 试点 选取 选定 确定 孵化 挂牌 上市 股改 梯度培育 动态培育 滚动实施 谋划 谋划实施 谋划储备 策划 策划举办 联动开展 联合开展 持续开展 常态化开展 广泛开展 深入开展 开放 开辟 新辟 增开 加密 延长 缩短 补齐 配齐 配强 配建 资助 慰问 救助 托管 收治 筛查 接种 签约服务 免费提供 免费开展 免费筛查 录制 摄制 创作 出版 展演 演出 放映 推介 对接 促成 达成 分配 配租 筹措 交付 保交 安置 搬迁 拆迁 征收 供地 报批 审批 核准 备案 登记 注册 净增 净增长 转型 转企 升规 升规纳统 纳统 培植 做强 做大 做优 做大做强 做优做强 复垦 整理 流入 流出 改善 完善 健全 调整 优化 优化调整 优化提升 补充 建档 归集 共享 开放共享 汇聚 接入 贯通 部署 应用 使用 采购 购买 兑付 兑现 投入 投入使用 安排 减量 新招录 评出 授予 命名 表彰`)

// joinVerbs are verbs that may stand in the middle of a clause; the counted
// noun begins after the last of them: 为…人员开展职业技能培训超5万人次.
var joinVerbs = listOf(`开展 举办 发放 实施 提供 组织 完成 举行`)

// tailWords end the noun phrase before a figure and are cut off: 价格涨幅2%.
var tailWords = listOf(`增长 增加 增幅 增速 提高 提升 上升 上涨 涨幅 下降 降低 降幅 减少 减量 缩短 压缩 压减 缩减 达到 达 累计 总计 合计 共计 新开工 竣工 开工 控制 保持 稳定 按 比 较 同比 年均 年均增长 平均 将 力争 要 应 均 分别 不 总数 数量 规模 新增 净增 净增长 扩大 实现 完成 建成 翻 突破 超过 超 至 到 在 为 由 从 以 占 的 也 已 确保 力争达到 力争实现 再 约 近 左右 办结 按时 持续 稳步 逐年 每年 每季度 每月 全年 年内 今年 恢复 增 降 升 ( , 、 :`)

// keepTail are noun endings that look like tailWords but belong to the noun.
var keepTail = listOf(`总数 规模 数量 占比`)

// rateLeads are the verbs taken off before the name of a share; others (新建)
// describe what the share is of.
var rateLeads = listOf(`提高 提升 降低 实现 完成 接待 推动 确保 力争 保持 落实 支持 扩大 增加`)

// growthWords make a figure an increase or a decrease.
var (
	upWords   = listOf(`增长 增加 增幅 增速 提高 提升 上升 上涨 涨幅 扩大 净增 增`)
	downWords = listOf(`下降 降低 降幅 减少 减量 缩短 压缩 压减 缩减 降`)
	levelTo   = listOf(`增长到 增长至 增加到 增加至 提高到 提高至 提升到 提升至 上升到 上升至 扩大到 扩大至 下降到 下降至 降低到 降低至 减少到 减少至 缩短到 缩短至 压缩到 压缩至 压减到 压减至 降至 增至 升至 降到 达到 达`)
)

// stockWords tell a level at the cut-off date from a count within the period.
var (
	stockWords = listOf(`突破 达到 总数 总量 保有 保有量 总规模 累计 里程 总里程 总长度 总面积 人数 用户 拥有 稳定在 保持在 规模 产量 存量 在册 增至 达`)
	flowWords  = listOf(`新增 新建 新开工 建成 发放 举办 开展 培育 打造 引进 推广 完成 改造 淘汰 组织 净增 新培育 新引进 创建 推出 培训 新改建`)
)

// aspireWords make a target one to strive for.
var aspireWords = listOf(`力争 争取 努力 力求 力促`)

// pastWords say that a figure is a fact and not a promise.
var pastWords = listOf(`已建成 已有 已经 已累计 已完成 已达 已达到 现有 现已 原有 目前 截至 截止 当前 去年 上年 上年度 近年来 近年 过去 以来 共有 现状 曾 此前 已开展 已培育 已发放 已实现 已覆盖 已培训 累计已 实有 达到了 完成了 增长了 提高了 实现了 新增了 建成了 下降了 超过了 突破了`)

// blockVerbs begin clauses whose figures count what exists: 发挥3个试点作用.
var blockVerbs = listOf(`围绕 聚焦 依托 发挥 按照 根据 坚持 针对 涉及 包括 包含 分为 结合 用好 用足 立足 作为 贯彻 遵循 紧扣 紧盯 瞄准 对照 参照 依据 含 涵盖 落实好 严格落实 认真落实 全面落实 贯彻落实 落实 巩固 利用 总结 借鉴 把握 践行 弘扬`)

// notCounted are nouns that a figure merely groups: 三个方面, 5项任务.
var notCounted = listOf(`方面 环节 层面 维度 阶段 原则 统一 坚持 要求 抓手 步骤 关键 关键环节 任务 重点任务 方面工作 方面任务 措施 举措 方向 意识 自信 维护 确立 面向 转变 不变 必须 结合 目标 内容 要素 条件 文件 字 月 百分点 层次 级别 档次 等级 等次 梯队 梯次 批次 类型 类别 小时 时辰 行动 专项行动 机制 制度 体系 主题 板块 模块 市场 优势 短板 问题 部门 单位 街道 县区 设区市 地市 地级市 盟市 州市 小组 专班 工作组 专项 方面重点工作 工作日 月内 渠道 途径 方式 办法 事项清单`)

// subsidyWords say that a sum or share is granted, charged or a condition of it.
var subsidyWords = listOf(`补贴 补助 奖励 资助 给予 奖补 贴息 最高 每人 每户 每家 每辆 每台 每件 每亩 每吨 每平方米 每个 每项 每张 每名 每次 每套 每年度 单笔 单户 单个 单张 单次 注册资本 额度 定额 一次性 专项资金 财政资金 补偿 免除 减免 减按 按比例 税率 费率 利率 押金 保证金 罚款 处以 扣除 扣减 扣 加分 得分 满分 立减 满减 优惠 折扣 上限 下限 兑现 拨付 贴息率 面额 人均补`)

// inputWords say that money is put in, not brought about.
var inputWords = listOf(`安排 投入 筹集 列支 拨付 设立 下达 争取 补贴 补助 奖励 资助 给予 统筹 用于 支持`)

// standardWords name sums that are granted or owed by rule: a raised standard
// is money put in.
var standardWords = listOf(`标准 工资 津贴 养老金 待遇 低保 报销 限额 封顶 缴费 保费补 月薪 年薪 租金 价格 单价 均价 定价 收费 罚金 拨款 专款 债券 本级财力 转移支付`)

// perWords stand after a slash in a unit: 吨/日.
var perWords = listOf(`日 天 年 月 小时 人 户 班 次 平方米 公顷 亩 万人 万元 立方米 百人 千人 人年 季度 秒 分钟 平方公里 公里 周`)

// outputWords say that money is an effect to be reached.
var outputWords = listOf(`投资 带动 消费 销售 产值 营业收入 营收 收入 零售额 总额 增加值 规模 交易额 成交额 贷款 余额 融资 出口 进出口 外资 产业 生产总值 GDP 经济 引进 签约 到位 采购额 合同额 利润 税收 市值 保费 降本 降低 减负 节约 突破 拉动 撬动 完成 实现 产出 增收 贸易 贸易额 集群 企业`)

// nounStops end a counted noun that stands after its figure.
var nounStops = listOf(`赴 前往 发放 举办 接受 组织 在 对 与 向 以 为 到 由 从 并 实现 达到 开展 参与 完成 打开 进行 加快 推进 投入 用于 纳入 获得 通过 入选 入驻 落户 投产 开工 实施 建成 提供 持续 基本 全面 全部 力争 确保 常态化 补短板 竣工 开业 试点工作 先行 率先 得到 免费 实行 上市 做大 做强 逐一 逐个 线上 线下 升级改造 改造升级 改造提升 提升改造`)

// nounTails are verbs at the end of a counted noun: 6条续建高铁建设.
var nounTails = listOf(`自动化改造 智能化改造 数字化改造 数字化转型 智能化升级 技术改造 关停退出 关停 退出 淘汰 建设 改造 治理 升级 培育 创建 工作 整治 提升 修复 更新 任务 投用 开放 打造 线下培训 建设任务 建设工作 改造任务 等`)
