/* style.c: the style sheet of the page.  Light or dark as the reader's system is set;
 * on paper always light. */
#include "page.h"
#include "plot/ink.h"
#include "plot/markup.h"

static const char *const light =
    "color-scheme:light;--ground:#f7f7f5;--card:#fff;--text:#1f2730;"
    "--soft:#5b6673;--line:#e2e5e9;--link:#0b5f96;"
    "--good:#1b7f4f;--fair:#9a6700;--bad:#b3382c;--none:#6b7682;";
static const char *const dark =
    "color-scheme:dark;--ground:#12171c;--card:#1a2128;--text:#e3e8ed;"
    "--soft:#a0abb6;--line:#2d3640;--link:#7cc0f0;"
    "--good:#5fcf97;--fair:#e3b341;--bad:#ff8e80;--none:#95a0ac;";

static const char *const frame[] = {
    "*{box-sizing:border-box}",
    "html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}",
    "body{margin:0;background:var(--ground);color:var(--text);",
    "font:1rem/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',",
    "'Liberation Sans','DejaVu Sans',sans-serif;overflow-wrap:break-word}",
    "header,main,footer{max-width:1160px;margin:0 auto;padding:0 28px}",
    "header{padding-top:52px}",
    "h1{font-size:2.1rem;line-height:1.2;font-weight:650;letter-spacing:-.015em;",
    "margin:.1em 0 .45em;overflow-wrap:anywhere}",
    "h2{font-size:1.4rem;font-weight:620;letter-spacing:-.01em;",
    "margin:56px 0 18px;overflow-wrap:anywhere}",
    "h3{font-size:1.02rem;font-weight:620;margin:0;overflow-wrap:anywhere}",
    "p{margin:.4em 0}",
    "a{color:var(--link)}",
    ".kind{margin:0;font-size:.8rem;font-weight:600;letter-spacing:.09em;",
    "text-transform:uppercase;color:var(--soft)}",
    ".lead{max-width:44em;color:var(--soft)}",
    "nav{display:flex;flex-wrap:wrap;gap:8px;margin:26px 0 0}",
    "nav a{font-size:.88rem;text-decoration:none;color:var(--text);",
    "background:var(--card);border:1px solid var(--line);border-radius:99px;",
    "padding:4px 13px}",
    "nav a:hover,nav a:focus-visible{border-color:var(--link);color:var(--link)}",
    "section{scroll-margin-top:12px}",
    "footer{margin-top:64px;padding-top:20px;padding-bottom:44px;",
    "border-top:1px solid var(--line);font-size:.8rem;color:var(--soft);",
    "overflow-wrap:anywhere}",
    "footer p{margin:.15em 0}",
};

static const char *const summary[] = {
    ".cards{display:grid;gap:20px;",
    "grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr))}",
    ".card,figure,.terms,.scroll{background:var(--card);border:1px solid var(--line);",
    "border-radius:12px}",
    ".card{padding:20px 24px 16px;border-top:4px solid var(--own);min-width:0}",
    ".card h3{font-size:1.15rem}",
    ".size{margin:.1em 0 0;font-size:.88rem;color:var(--soft)}",
    ".headlines{margin:16px 0;display:grid;gap:8px}",
    ".headlines div{display:flex;flex-direction:row-reverse;",
    "justify-content:flex-end;align-items:baseline;gap:14px}",
    ".headlines dt{font-size:.86rem;line-height:1.35;color:var(--soft);min-width:0}",
    ".headlines dd{margin:0;flex:none;min-width:4.6em;",
    "font-size:1.3rem;line-height:1.3;",
    "font-weight:620;color:var(--own-class,var(--text));",
    "font-variant-numeric:tabular-nums}",
    ".good{--own-class:var(--good)}.fair{--own-class:var(--fair)}",
    ".bad{--own-class:var(--bad)}.none{--own-class:var(--none)}",
    ".share{display:flex;gap:2px;height:8px;border-radius:4px;overflow:hidden;",
    "margin:16px 0 8px}",
    ".share i{background:var(--own-class);flex-basis:0;min-width:3px}",
    ".counts{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;",
    "gap:2px 18px}",
    ".verdict{color:var(--own-class);font-size:.84rem;line-height:1.4}",
    ".verdict::before{content:'●';margin-right:.4em;font-size:.72em;",
    "vertical-align:.08em}",
    ".fair.verdict::before{content:'◆'}",
    ".bad.verdict::before{content:'▲'}",
    ".none.verdict::before{content:'○'}",
    ".sentence{margin:14px 0 4px}",
    ".terms{display:grid;gap:18px 40px;margin:0;padding:22px 24px;",
    "grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr))}",
    ".terms dt{font-weight:620}",
    ".terms dd{margin:0;font-size:.94rem;color:var(--soft)}",
};

static const char *const figures[] = {
    ".figures{display:grid;gap:20px;grid-template-columns:minmax(0,1fr)}",
    "figure{margin:0;padding:18px 22px 14px;min-width:0;display:flex;",
    "flex-direction:column}",
    "figcaption{margin-bottom:8px}",
    ".plot{display:block;width:100%;max-width:600px;height:auto;margin:0 auto;",
    "color:var(--plot-text);font-family:inherit}",
    ".legend{list-style:none;display:flex;flex-wrap:wrap;gap:3px 18px;",
    "margin:10px 0 4px;padding:0;font-size:.84rem}",
    ".legend li{display:flex;align-items:center;gap:8px;min-width:0;",
    "overflow-wrap:anywhere}",
    ".legend i{flex:none;width:24px;height:0;border-top:3px solid}",
    ".legend .dashed{border-top-style:dashed}",
    ".legend .dotted{border-top-style:dotted}",
    ".legend .box{width:12px;border-top-width:12px;border-radius:2px}",
    ".caption{font-size:.9rem;color:var(--soft);margin:6px 0}",
    ".note{font-style:italic}",
    ".files{margin:auto 0 0;padding-top:4px;font-size:.8rem;display:flex;gap:14px}",
    "@media screen and (min-width:780px){",
    ".figures{grid-template-columns:repeat(2,minmax(0,1fr))}",
    "figure:only-child{grid-column:1/-1;display:grid;column-gap:40px;",
    "grid-template:auto auto 1fr auto/1fr 1fr}",
    "figure:only-child figcaption{grid-column:1/-1}",
    "figure:only-child .plot,figure:only-child .absent{grid-row:2/5}",
    "figure:only-child>:not(.plot,.absent,figcaption){grid-column:2}",
    "}",
    ".absent{display:grid;place-items:center;min-height:180px;margin:0;",
    "padding:20px;border:1px dashed var(--line);border-radius:8px;text-align:center;",
    "color:var(--soft)}",
};

static const char *const tables[] = {
    ".group{margin:0 0 36px}",
    ".explanation{max-width:46em;color:var(--soft);margin:.2em 0 12px}",
    ".scroll{overflow-x:auto}",
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}",
    "th,td{padding:11px 16px;text-align:left;vertical-align:top;",
    "border-top:1px solid var(--line);font-weight:400}",
    "thead th{border-top:0;font-size:.82rem;line-height:1.35;font-weight:600;",
    "color:var(--soft);vertical-align:bottom}",
    "thead .own{color:var(--text);box-shadow:inset 0 3px var(--own);",
    "overflow-wrap:anywhere;min-width:8.5em}",
    "tbody th{min-width:15em;max-width:26em}",
    ".metric{font-weight:620;margin-right:.6em}",
    ".measure{font-size:.82rem;color:var(--soft);white-space:nowrap}",
    ".what{display:block;font-size:.88rem;line-height:1.4;color:var(--soft)}",
    ".value{display:block;white-space:nowrap}",
    ".value b{font-weight:620;font-size:1.05rem}",
    ".dev{font-size:.84rem;color:var(--soft)}",
    ".nil{color:var(--soft)}",
    "td.beside,th.beside{text-align:right;color:var(--soft);overflow-wrap:normal}",
};

static const char *const narrow[] = {
    "@media screen and (max-width:760px){",
    "header,main,footer{padding-left:12px;padding-right:12px}",
    "header{padding-top:28px}h1{font-size:1.6rem}h2{margin-top:42px}",
    "figure{padding:14px 5px 12px}",
    "figcaption,.legend,.caption,.files{padding-left:10px;padding-right:10px}",
    ".absent{margin:0 10px}",
    ".card,.terms{padding-left:18px;padding-right:18px}",
    ".scroll{overflow:visible}",
    "table,tbody,tr,th,td{display:block}thead{display:none}",
    "tr{padding:12px 16px;border-top:1px solid var(--line)}tr:first-child{border:0}",
    "th,td{border:0;padding:4px 0}tbody th{min-width:0;max-width:none}",
    "td{display:flex;flex-wrap:wrap;gap:0 12px;align-items:baseline}",
    "td::before{content:attr(data-column);font-size:.84rem;color:var(--soft);",
    "flex:1 1 9em;min-width:0;overflow-wrap:anywhere;text-align:left}",
    "td.own{border-left:3px solid var(--own);padding-left:10px;margin:5px 0}",
    "td.own::before{flex-basis:100%}",
    "td .verdict{margin-left:auto;text-align:right}",
    "}",
};

static const char *const paper[] = {
    "@page{size:A4;margin:15mm 14mm}",
    "@media print{",
    "html{font-size:9pt}body{background:#fff}",
    "header,main,footer{max-width:none;padding:0}header{padding-top:0}",
    "nav,.files{display:none}h2{margin-top:22pt}",
    "h2,h3,.explanation,figcaption{break-after:avoid}",
    "figure,.card,tr,.terms div{break-inside:avoid}",
    ".figures{grid-template-columns:repeat(2,minmax(0,1fr));gap:10pt}",
    "figure{padding:9pt 9pt 6pt}",
    ".cards{grid-template-columns:repeat(2,minmax(0,1fr));gap:10pt}",
    ".card{padding:10pt 12pt}.terms{grid-template-columns:1fr 1fr;padding:10pt 12pt}",
    ".scroll{overflow:visible}th,td{padding:5pt 6pt}thead{display:table-header-group}",
    "tbody th{min-width:0;max-width:none;width:27%}",
    "thead .own{min-width:0}.measure,.value{white-space:normal}",
    "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}",
    "}",
};

static void
put_lines(struct buf *b, const char *const *line, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		put_line(b, line[i]);
		put_line(b, "\n");
	}
}

void
put_style(struct buf *b)
{
	buf_printf(b, ":root{%s", light);
	put_inks(b, false);
	buf_printf(b, "}\n@media screen and (prefers-color-scheme:dark){:root{%s",
	    dark);
	put_inks(b, true);
	put_line(b, "}}\n");
	put_lines(b, frame, LEN(frame));
	put_lines(b, summary, LEN(summary));
	put_lines(b, figures, LEN(figures));
	put_lines(b, tables, LEN(tables));
	put_lines(b, narrow, LEN(narrow));
	put_lines(b, paper, LEN(paper));
}
