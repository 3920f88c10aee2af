package gongwen

// Lengths are in twips, twentieths of a point; a millimetre is 56.69 of them.
// Sizes of type are in half points as the file wants them.
const (
	pageWidth    = 11906                                 // A4, 210 mm
	pageHeight   = 16838                                 // 297 mm
	marginTop    = 2098                                  // 天头 37 mm
	marginBottom = 1984                                  // 35 mm
	marginLeft   = 1588                                  // 订口 28 mm
	marginRight  = 1474                                  // 26 mm
	typeWidth    = pageWidth - marginLeft - marginRight  // 版心 156 mm
	typeHeight   = pageHeight - marginTop - marginBottom // 225 mm

	pageLines = 22
	lineChars = 28
	linePitch = typeHeight / pageLines // 28.95 pt
	// charSpace tells the grid that 28 characters of 16 pt stand in a line, in 4096ths of a point.
	charSpace = -853
	// Programs read such a grid differently: one sets a 16 pt character into two
	// cells of 15.79 pt. The style of the text therefore does not lean on it but
	// takes 0.3 pt from every character, and fixed lines fill the page.
	tight     = -6
	charPitch = sizeThree*10 + tight

	footerDistance = 1452 // puts the dash of the page number 7 mm below the type area
)

// Sizes of type.
const (
	sizeTwo   = 44 // 二号
	sizeThree = 32 // 三号
	sizeFour  = 28 // 四号
	sizeTable = 24 // 小四
)

// Names of fonts as office machines have them.
const (
	fontTitle = "方正小标宋简体"
	fontBody  = "仿宋_GB2312"
	fontKai   = "楷体_GB2312"
	fontHei   = "黑体"
	fontSong  = "宋体"
)

const red = "FF0000"

// mm turns millimetres into twips.
func mm(n float64) int { return int(n*1440/25.4 + 0.5) }

// emu turns twips into the unit of drawings.
func emu(twips int) int { return twips * 635 }
