namespace PayableAi.Reporting;

/// <summary>The report's styles. Fonts are those the reader's system has; nothing is loaded.</summary>
internal static class ReportStyle
{
    public const string LightPaper = "#faf9f6";
    public const string LightCard = "#ffffff";
    public const string LightInk = "#1d1c1a";
    public const string LightSoft = "#5d5a54";
    public const string DarkPaper = "#14161a";
    public const string DarkCard = "#1b1e23";
    public const string DarkInk = "#ebe8e1";
    public const string DarkSoft = "#a5a29a";

    private const string LightRoot = $"--paper:{LightPaper};--card:{LightCard};--ink:{LightInk};--soft:{LightSoft};--line:#e2ded5;--track:#efece5;--part-0:#8d949b;--part-1:#b3b8bd;--part-2:#d3d6d9;";
    private const string DarkRoot = $"--paper:{DarkPaper};--card:{DarkCard};--ink:{DarkInk};--soft:{DarkSoft};--line:#31353c;--track:#282c33;--part-0:#7d858e;--part-1:#5b636c;--part-2:#424951;";

    private const string Rules = """
        *{box-sizing:border-box}
        html{background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%;print-color-adjust:exact;-webkit-print-color-adjust:exact}
        body{margin:0 auto;max-width:47rem;padding:clamp(2rem,6vw,5rem) clamp(1.1rem,4vw,2rem) 3rem;font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        h1,h2,h3,.lede,.said dd,.asked{font-family:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,"DejaVu Serif",serif}
        h1{font-size:clamp(1.75rem,1.15rem + 2.9vw,2.75rem);line-height:1.16;letter-spacing:-.012em;font-weight:500;margin:.6rem 0 1.2rem;text-wrap:balance;overflow-wrap:anywhere}
        h2{font-size:1.6rem;line-height:1.2;font-weight:600;letter-spacing:-.006em;margin:0 0 .4rem}
        h3{font-size:1.25rem;line-height:1.3;font-weight:600;margin:0 0 .9rem;overflow-wrap:anywhere}
        h4{font-size:.8rem;line-height:1.4;font-weight:600;color:var(--soft);margin:1.6rem 0 .6rem}
        p{margin:0 0 1rem}
        a{color:inherit;text-decoration-color:var(--line);text-underline-offset:.2em}
        a:hover{text-decoration-color:currentColor}
        code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.8em}
        code{overflow-wrap:anywhere}
        ul,ol{margin:0;padding:0;list-style:none}
        .t{unicode-bidi:isolate;white-space:pre-wrap;overflow-wrap:anywhere}
        .num{font-variant-numeric:tabular-nums}
        .kicker{font-size:.85rem;font-weight:600;margin:0;display:flex;flex-wrap:wrap;gap:0 1rem;justify-content:space-between}
        .kicker span{font-weight:400;color:var(--soft)}
        .lede{font-size:1.2rem;line-height:1.5;margin:0 0 1.6rem;color:var(--soft)}
        .asked{border-top:1px solid var(--line)}
        .asked li{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.1rem 1.5rem;padding:.55rem 0;border-bottom:1px solid var(--line)}
        .asked b{font-weight:600}
        section{margin-top:clamp(3.2rem,8vw,5rem)}
        .intro,.note{color:var(--soft)}
        .intro{margin-bottom:1.6rem;max-width:40rem}
        .note{font-size:.85rem;margin:.6rem 0 0}
        .card{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:clamp(1.1rem,4vw,1.8rem);margin:0 0 1.4rem}
        .said{margin:0}
        .said div{display:grid;grid-template-columns:7.5rem 1fr;gap:0 1rem;align-items:baseline;padding:.3rem 0}
        .said dt{font-size:.85rem;color:var(--soft)}
        .said dd{margin:0;font-size:1.15rem;line-height:1.5;overflow-wrap:anywhere}
        .said .base dd{color:var(--soft)}
        .said .adapter dd{font-size:1.4rem}
        mark{background:var(--tint);color:inherit;border-bottom:2px solid var(--who);border-radius:2px 2px 0 0;padding:0 .12em;box-decoration-break:clone;-webkit-box-decoration-break:clone}
        .whose{font:600 .72rem/1 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;color:var(--who);margin:0 .45em 0 .35em;white-space:nowrap}
        .verdict{font:.85rem/1 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;color:var(--soft);white-space:nowrap}
        .spans{font-size:.85rem;color:var(--soft);margin-top:.2rem}
        .spans q{color:var(--ink)}
        .swatch{display:inline-block;width:.7em;height:.7em;border-radius:2px;background:var(--who);margin-right:.5em}
        .records li{padding:.55rem 0}
        .records p{margin:.3rem 0 0;font-size:.92rem;line-height:1.45}
        .record-head{display:flex;align-items:baseline;gap:.2rem .8rem;font-size:.85rem;margin-bottom:.3rem}
        .record-head>span:first-child{font-weight:600}
        .record-head code{color:var(--soft)}
        .record-head .num{margin-left:auto}
        .bar-track{display:block;height:.5rem;background:var(--track);border-radius:2px;overflow:hidden}
        .bar-fill{display:block;height:100%;background:var(--who);min-width:1px}
        .bar-fill.own{background:var(--ink)}
        .bar-fill.other{background:var(--part-0)}
        .bar{display:grid;grid-template-columns:1fr auto;gap:.3rem 1rem;align-items:baseline;padding:.45rem 0;font-size:.92rem}
        .bar-label{grid-row:1;overflow-wrap:anywhere}
        .bar-value{grid-row:1;font-variant-numeric:tabular-nums;text-align:right}
        .bar .bar-track{grid-row:2;grid-column:1/-1;height:.7rem}
        .stack{display:flex;gap:2px;height:1.1rem;border-radius:2px;overflow:hidden}
        .stack span{min-width:1px;flex-basis:0;background:var(--part)}
        .part-own{--part:var(--ink)}
        .part-0{--part:var(--part-0)}
        .part-1{--part:var(--part-1)}
        .part-2{--part:var(--part-2)}
        .parts{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.3rem 1.4rem;font-size:.85rem;margin-top:.7rem}
        .parts li{display:grid;grid-template-columns:auto 1fr auto;align-items:baseline}
        .parts .swatch{background:var(--part)}
        .parts b{font-weight:600;font-variant-numeric:tabular-nums}
        .parts .num{grid-column:2/-1;color:var(--soft)}
        table{border-collapse:collapse;width:100%;font-size:.88rem;margin-top:1.4rem}
        th,td{text-align:left;font-weight:400;padding:.6rem .9rem .6rem 0;border-bottom:1px solid var(--line);vertical-align:baseline}
        th:last-child,td:last-child{padding-right:0}
        thead th{color:var(--soft);font-size:.8rem;vertical-align:bottom}
        tbody th{font-weight:600}
        tbody th code{display:block;font-weight:400;color:var(--soft);font-size:.66rem;white-space:nowrap}
        th.num,td.num{text-align:right}
        .chart{margin:0}
        .plot{position:relative;height:clamp(13rem,42vw,19rem);margin:.6rem 0 2.2rem 2.2rem}
        .plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
        .grid{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
        .curve{fill:none;stroke:var(--ink);stroke-width:1.75;stroke-linejoin:round;vector-effect:non-scaling-stroke}
        .y-label,.x-label,.held span{position:absolute;font-size:.78rem;line-height:1;font-variant-numeric:tabular-nums;white-space:nowrap}
        .y-label,.x-label{color:var(--soft)}
        .y-label{right:calc(100% + .6rem);transform:translateY(-50%)}
        .x-label{top:calc(100% + .6rem);transform:translateX(-50%)}
        .x-label.first{transform:none}
        .x-label.last{transform:translateX(-100%)}
        .held{position:absolute;width:0;height:0}
        .held i{position:absolute;left:-.36rem;top:-.36rem;width:.72rem;height:.72rem;border-radius:50%;background:var(--paper);border:2px solid var(--ink)}
        .held span{background:var(--paper);padding:.15rem .2rem}
        .held.first span{left:.75rem}
        .held.last span{right:.1rem}
        .held.above span{bottom:.7rem}
        .held.first.below span{top:-.55rem}
        .held.last.below span{top:.7rem}
        figcaption{font-size:.85rem;color:var(--soft)}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:1.6rem 2.4rem}
        .pair h3{font-size:1.05rem;margin-bottom:.4rem}
        .datanet h3{margin-bottom:0}
        .datanet .note{margin-top:0}
        .hashes{margin:.8rem 0 0;font-size:.85rem;display:grid;grid-template-columns:auto 1fr;gap:.3rem 1rem}
        .hashes dt{color:var(--soft)}
        .hashes dd{margin:0}
        .refused{font-size:.88rem}
        .refused li{padding:.2rem 0}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:1.4rem 2rem;margin:0 0 1.8rem}
        .figures div{border-top:1px solid var(--line);padding-top:.7rem}
        .figures dd{margin:0;font:600 2rem/1.1 "Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,"DejaVu Serif",serif;font-variant-numeric:lining-nums}
        .figures small{font-size:1rem;font-weight:400;color:var(--soft)}
        .figures dt{font-size:.88rem;color:var(--soft);margin-top:.2rem}
        pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.9rem 1.1rem;margin:0;overflow-x:auto;font-size:.82rem}
        pre code{font-size:1em;white-space:pre-wrap}
        footer{margin-top:4rem;padding-top:1.2rem;border-top:1px solid var(--line);font-size:.85rem;color:var(--soft)}
        @media (max-width:36rem){
        .said div{grid-template-columns:1fr;padding:.45rem 0}
        .asked li{flex-direction:column}
        thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        table,tbody,tr,tbody th,td{display:block}
        tr{border-bottom:1px solid var(--line);padding:.8rem 0}
        tbody th,td{border:0;padding:.15rem 0}
        tbody th{padding-bottom:.4rem}
        tbody th code{white-space:normal}
        td{display:flex;justify-content:space-between;gap:1rem}
        td::before{content:attr(data-label);color:var(--soft)}
        td.num{text-align:left}
        }
        @media print{
        html{font-size:10.5pt}
        body{max-width:none;padding:0}
        section{margin-top:2.4rem}
        .card,tr,.bar,.chart,.records li{break-inside:avoid}
        h2,h3,h4{break-after:avoid}
        }

        """;

    /// <summary>The whole style sheet: light first, dark where the reader's system prefers it, light again on paper.</summary>
    public static string Css { get; } =
        $":root{{{LightRoot}}}\n{ContributorPalette.Rules(dark: false)}"
        + $"@media screen and (prefers-color-scheme:dark){{\n:root{{{DarkRoot}}}\n{ContributorPalette.Rules(dark: true)}}}\n"
        + Rules;
}
