const LIGHT = `--page:#fff;--ink:#1b1f24;--soft:#59636e;--edge:#d4d9df;--tint:#f4f6f8;--s1:#1f6feb;--s2:#b35900;--s3:#8250df;--s4:#0a7d5c;--s5:#bf3989;--s6:#6e5c00;--hold:#8b949e;--gain:#0a7d5c;--loss:#c4432b;--short:#8250df;--doubt:#9a6700;`;
const DARK = `--page:#0f1318;--ink:#e6eaef;--soft:#9aa4af;--edge:#2c343d;--tint:#171d24;--s1:#6cb0ff;--s2:#f0a35e;--s3:#c4a1ff;--s4:#4fd1a5;--s5:#ff8fc7;--s6:#d8c35a;--hold:#7d8792;--gain:#4fd1a5;--loss:#ff8a70;--short:#c4a1ff;--doubt:#e3b341;`;

/** The style of the page: light and dark by the reader's setting, one column on a phone, A4 in print. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px;max-width:1160px;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:26px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:19px;margin:32px 0 8px;padding-top:12px;border-top:1px solid var(--edge);overflow-wrap:anywhere}
h3{font-size:15px;margin:20px 0 6px}
p{margin:6px 0}
.soft,.remark,figcaption{color:var(--soft);overflow-wrap:anywhere}
figcaption b{color:var(--ink)}
ul.verdict{list-style:none;padding:0;margin:12px 0}
ul.verdict li{display:flex;gap:12px;padding:7px 12px;margin:4px 0;background:var(--tint);border-left:4px solid var(--hold)}
ul.verdict b{flex:0 0 62px;font-weight:600}
.good{border-color:var(--gain)!important}.bad{border-color:var(--loss)!important}.doubt{border-color:var(--doubt)!important}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:10px;margin:14px 0}
.tile{background:var(--tint);padding:10px 12px;border-radius:6px}
.tile span{display:block;color:var(--soft);font-size:13px}
.tile b{font-size:21px;font-weight:600;font-variant-numeric:tabular-nums}
figure{margin:16px 0 24px;break-inside:avoid}
.plot{position:relative;height:280px;margin:6px 64px 26px 0;border:1px solid var(--edge)}
.plot.low{height:150px}
svg{position:absolute;inset:0;width:100%;height:100%;overflow:hidden}
svg path{fill:none;vector-effect:non-scaling-stroke}
.grid{stroke:var(--edge);stroke-width:1}
.line{stroke-width:1.7;stroke-linejoin:round}
.line.s1{stroke:var(--s1)}.line.s2{stroke:var(--s2);stroke-dasharray:7 3}.line.s3{stroke:var(--s3);stroke-dasharray:2 3}.line.s4{stroke:var(--s4);stroke-dasharray:9 3 2 3}.line.s5{stroke:var(--s5)}.line.s6{stroke:var(--s6)}
.line.hold{stroke:var(--hold);stroke-width:1.2}
.trade{stroke-width:1.6}.trade.gain{stroke:var(--gain)}.trade.loss{stroke:var(--loss);stroke-dasharray:3 2}
.dot{stroke-width:6;stroke-linecap:round}.dot.small{stroke-width:4}.dot.long{stroke:var(--s1)}.dot.short{stroke:var(--short)}
rect.gain{fill:var(--gain)}rect.loss{fill:var(--loss)}
.y span,.x span{position:absolute;font-size:12px;color:var(--soft);white-space:nowrap;font-variant-numeric:tabular-nums}
.y span{left:calc(100% + 6px);transform:translateY(-50%)}
.x span{top:calc(100% + 4px);transform:translateX(-50%)}
.x .first{transform:none}.x .last{transform:translateX(-100%)}
.key{display:inline-block;margin-right:10px;white-space:nowrap}
.key::before{content:"";display:inline-block;width:16px;height:3px;margin-right:5px;vertical-align:middle;background:var(--hold)}
.key.s1::before{background:var(--s1)}.key.s2::before{background:var(--s2)}.key.s3::before{background:var(--s3)}.key.s4::before{background:var(--s4)}.key.s5::before{background:var(--s5)}.key.s6::before{background:var(--s6)}
.key.gain::before{background:var(--gain)}.key.loss::before{background:repeating-linear-gradient(90deg,var(--loss) 0 4px,transparent 4px 6px)}
.key.long::before,.key.short::before{width:9px;height:9px;border-radius:50%;background:var(--s1)}.key.short::before{background:var(--short)}
.rows .row{display:grid;grid-template-columns:150px 1fr 120px;gap:10px;align-items:center;margin:4px 0;font-size:14px}
.track{position:relative;height:16px;background:var(--tint)}
.track.zero::before{content:"";position:absolute;left:50%;top:0;bottom:0;width:1px;background:var(--soft)}
.bar{position:absolute;top:2px;bottom:2px;min-width:1px}.bar.gain{background:var(--gain)}.bar.loss{background:var(--loss)}
.whisker{position:absolute;top:7px;height:2px;background:var(--soft)}
.point{position:absolute;top:3px;width:10px;height:10px;margin-left:-5px;border-radius:50%;background:var(--hold)}
.point.helps{background:var(--gain)}.point.harms{background:var(--loss)}
.number{text-align:right;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto;margin:6px 0}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
th,td{padding:3px 9px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--edge)}
th:first-child,td:first-child{text-align:left;padding-left:0}
th:first-child,td:first-child{position:sticky;left:0;background:var(--page)}th{font-weight:600;color:var(--soft)}
.columns{columns:3 330px;column-gap:36px}.columns>div{break-inside:avoid;padding-top:1px}
.columns table{width:100%}
table.text td{white-space:normal;overflow-wrap:anywhere;text-align:left}
@media (max-width:640px){body{padding:14px;font-size:14px}h1{font-size:21px}.plot{height:210px;margin-right:56px}.columns{columns:1}.rows .row{grid-template-columns:108px 1fr 84px;font-size:13px;gap:6px}table{font-size:13px}th,td{padding:3px 6px}ul.verdict li{flex-direction:column;gap:0}ul.verdict b{flex:none}.tile b{font-size:18px}.tiles{grid-template-columns:repeat(2,1fr)}.x span:nth-child(even){display:none}}
@page{size:A4;margin:13mm}
@media print{:root{color-scheme:light;${LIGHT}}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{padding:0;max-width:none;font-size:11px}h1{font-size:18px}h2{font-size:14px;margin-top:16px}h3{font-size:12px}h2,h3{break-after:avoid}table{font-size:9.5px}tr,li{break-inside:avoid}th,td{padding:2px 5px}.wide{overflow:visible;break-inside:avoid}.rows .row{font-size:10px;margin:2px 0}.plot{height:190px}.plot.low{height:100px}.columns{columns:2;column-gap:20px}.tiles{grid-template-columns:repeat(4,1fr)}.tile{padding:6px 8px}.tile b{font-size:14px}.tile span{font-size:10px}.y span,.x span{font-size:9px}}
`;
