extension ReportPage {
    /// Light or dark, as the reader's system is set.
    static let style = """
        :root {
          color-scheme: light dark;
          --ink: #1c2430; --soft: #5d6b7c; --paper: #f6f7f9; --card: #ffffff;
          --rule: #e3e7ec; --band: #eff2f5; --tint: 30 111 217; --good: #14804a; --bad: #c0292b;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ink: #e4e9f0; --soft: #94a2b3; --paper: #11151b; --card: #191f27;
            --rule: #2a323d; --band: #202832; --tint: 88 156 255; --good: #4cc38a; --bad: #ff6b6b;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 1080px;
          background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
        }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .35rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.1rem; margin: 0 0 .25rem; }
        .verdict { margin: 0; font-size: 1.05rem; font-weight: 600; }
        .good { color: var(--good); }
        .bad { color: var(--bad); }
        .failures { margin: .5rem 0 0; padding-left: 1.2rem; color: var(--bad); }
        .note { margin: 0 0 .75rem; color: var(--soft); font-size: .9rem; }
        section {
          margin-top: 1.25rem; padding: 1.25rem 1.25rem 1rem; background: var(--card);
          border: 1px solid var(--rule); border-radius: 12px;
        }
        .origin { margin: .35rem 0 0; color: var(--soft); font-size: .85rem; }
        .origin code { overflow-wrap: anywhere; }
        .legend { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: 1.25rem 0 0; }
        .legend > span { white-space: nowrap; font-size: .9rem; }
        .dot {
          display: inline-block; width: .7em; height: .7em; border-radius: 50%;
          margin-right: .4em;
        }
        svg { display: block; width: 100%; height: auto; }
        svg text { font-size: 12px; }
        .tick { fill: var(--soft); }
        .label { font-weight: 600; }
        .grid { stroke: var(--rule); stroke-width: 1; }
        .band { fill: var(--band); }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .area { fill: rgb(var(--tint) / .35); stroke: rgb(var(--tint)); stroke-width: 1.5; }
        g:hover > .line { stroke-width: 4; }
        .scroll { overflow-x: auto; }
        table { border-collapse: separate; border-spacing: 2px; font-size: .86rem; }
        th, td { padding: .3rem .6rem; text-align: right; white-space: nowrap; }
        th { font-weight: 600; }
        tbody th, thead th:first-child { text-align: left; }
        .given { font-size: .8rem; }
        .given th, .given td { padding: .3rem .42rem; }
        .given td { border-radius: 5px; background: rgb(var(--tint) / var(--part, 0)); }
        .given .none { background: var(--band); }
        .given .sum { background: none; color: var(--soft); }
        .ranks { width: 100%; border-spacing: 0; }
        .ranks th, .ranks td { border-bottom: 1px solid var(--rule); }
        .ranks .state { text-align: left; color: var(--soft); }
        .ranks .bad { color: var(--bad); }
        """
}
