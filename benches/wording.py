"""The sentences of the pages on speed: (Japanese, English)."""

WORDS: dict[str, tuple[str, str]] = {
    "head": (
        "# 速さ\n\n`make bench` と `make bench-peers` が、このページを測定値から書き直します(英語版: "
        "[performance.md](performance.md))。\nどの値も同じ機械・同じ回の「下限」と比べています。"
        "下限とは、同じ行をSQLだけで読み書きした速さ、同じテンプレートをそのまま描画した速さのことです。",
        "# Speed\n\nThis page is written from measurements by `make bench` and `make bench-peers` (Japanese: "
        "[performance.ja.md](performance.ja.md)).\nEvery figure stands beside the floor of the same machine in the "
        "same run: bare SQL for the same rows, the same compiled template rendered bare.",
    ),
    "engine": (
        "## エンジン(SQLite、1秒あたり、3回の中央値)",
        "## The engine (SQLite, a second, median of three runs)",
    ),
    "what": ("測ったもの", "What"),
    "target": ("目標", "Target"),
    "spread": ("最小–最大(最大のN)", "min–max (largest N)"),
    "cpu": ("CPU 1秒あたり", "per CPU second"),
    "of floor": ("下限に対して(CPU、N順)", "of the floor (CPU, by N)"),
    "letter": ("効果のあるステップ(メールを書く)", "Steps with an effect (a letter is written)"),
    "branch": ("待機と分岐のステップ", "Waiting and branching steps"),
    "wait": ("待機だけ(1回の歩みに1ステップ)", "Waiting alone (one step a walk)"),
    "enrolment": ("シナリオに入る人", "People enrolled"),
    "memory": ("メモリの中だけ(CPU 1秒あたり)", "In memory (per CPU second)"),
    "first check": ("`hagukumi check`(前の結果がないとき)", "`hagukumi check` (nothing remembered of earlier ones)"),
    "import": ("{size}行の取り込み(下限に対して)", "Import of {size} rows (of the floor)"),
    "world": (
        "見本の市場 {people}人の、メールによらない1年分の行動(CPU)",
        "A year of what {people} people of the example's market do without letters (CPU)",
    ),
    "world figure": (
        "{year:.1f} s({events:,.0f}件。人と施設を作るのに別に {market:.1f} s)",
        "{year:.1f} s ({events:,.0f} events; making the people takes another {market:.1f} s)",
    ),
    "chances": (
        "{people}人の確率(SQLiteから読み、特徴を作り、予測し、書き戻すまで。1人に行動{acts}件)",
        "Probability of {people} people: read from SQLite, features, prediction, written back ({acts} acts a person)",
    ),
    "chances figure": (
        "{seconds:.0f} s・{memory:,.0f} MB(予測だけなら {predict:.0f} s、素のSQLの読み書きだけなら {read:.0f} s)",
        "{seconds:.0f} s, {memory:,.0f} MB (prediction alone {predict:.0f} s, bare SQL {read:.0f} s)",
    ),
    "matching": (
        "{rows}行の組織を互いに照合(どの施設も四通りの書き方で)",
        "{rows} rows of organisations matched with each other, each facility written in four ways",
    ),
    "matching figure": (
        "{seconds:.1f} s・{memory:,.0f} MB(名前を分けるだけなら {floor:.1f} s)。"
        "確かな組 {sure:,.0f}、要確認 {doubtful:,.0f}、誤り {wrong:,.0f}",
        "{seconds:.1f} s, {memory:,.0f} MB (taking the names apart alone {floor:.1f} s); "
        "{sure:,.0f} sure pairs, {doubtful:,.0f} doubtful, {wrong:,.0f} wrong",
    ),
    "met": ("達成", "met"),
    "missed": ("未達", "missed"),
    "by cpu": ("CPU時間では達成", "met by CPU time"),
    "peak": (
        "メモリの最大は {most:.0f} MB です(目標 300 MB 以下: {verdict})。",
        "Memory peaks at {most:.0f} MB (target ≤ 300 MB: {verdict}).",
    ),
    "flat": (
        "N = {big} での速さは、N = {small} の {low:.0%}〜{high:.0%} です(CPU時間で比較)。",
        "Rates at N = {big} are {low:.0%} to {high:.0%} of those at N = {small} (by CPU time).",
    ),
    "locks": (
        "## 書き込みの鍵を持つ時間(1回分、ミリ秒、目標 20 以下)\n\nSQLite では書き込みの鍵がひとつだけです。"
        "BEGIN IMMEDIATE の直後から COMMIT が戻るまでを測っています"
        "(取り込みはコミットの前まで、p99 の欄は p95)。",
        "## How long a batch holds the write lock (ms, target ≤ 20)\n\nSQLite has one lock for writers. Measured from "
        "right after BEGIN IMMEDIATE until COMMIT returns (imports: up to the commit, and p95 in the column of p99).",
    ),
    "neighbour": (
        "その横で小さな書き込みをする人が待つ時間(10ミリ秒ごと)",
        "How long a small writer beside it waits (every 10 ms)",
    ),
    "points": (
        "## 点数(おひとり20件の行動、1秒あたりの人数)\n\n下限は、同じ行動に対する丸めも上限もない numpy の計算と、"
        "同じ行を読み書きするだけのSQLです。",
        "## Points (20 events a person, people a second)\n\nFloors: bare numpy over the same events without rounding "
        "or caps, and bare SQL that reads and writes the same rows.",
    ),
    "intent": (
        "## 関心(SQLite、中央値)\n\n下限は、同じ行をSQLだけで読み書きし、足した秒数です。",
        "## Intent (SQLite, median)\n\nThe floor is bare SQL that reads, writes and adds up the same rows.",
    ),
    "intent day": (
        "1日分の{signals}件を取り込む(会社は初めて。施設{accounts}件)",
        "A day's {signals} signals come in, companies new ({accounts} facilities)",
    ),
    "intent again": (
        "次の日の{signals}件を取り込む(会社は既知。施設{accounts}件)",
        "The next day's {signals} signals, companies known ({accounts} facilities)",
    ),
    "intent ranking": (
        "{accounts}施設・{signals}件の優先度を週の合計から求め、すべて保存する(最初の朝)",
        "{accounts} accounts with {signals} signals ranked from weekly sums, every figure kept (the first morning)",
    ),
    "intent ranking again": (
        "次の朝の優先度({accounts}施設・{signals}件。動いたものだけ保存)",
        "The next morning's ranking ({accounts} accounts, {signals} signals), kept where it moved",
    ),
    "audiences": (
        "## 広告の配信対象(SQLite、中央値)\n\n下限は、同じ行をSQLだけで読み、差を求めて書いた秒数です"
        "(同業他社かどうかなどは見ません)。",
        "## Audiences of ads (SQLite, median)\n\nThe floor is bare SQL that reads the same rows and writes the same "
        "difference; nobody is judged.",
    ),
    "audiences day": (
        "{people}名の配信対象を求め直し、前日との差({changed}件)を保存する",
        "An audience of {people} people worked out anew, its difference ({changed}) stored",
    ),
    "audiences again": ("変わりがないとき({people}名)", "The same when nothing has changed ({people} people)"),
    "audiences memory": ("メモリ上の差だけ({people}名)", "The difference alone, in memory ({people} people)"),
    "points memory": ("メモリ上の点数({people}名)", "Points in memory ({people} people)"),
    "points whole": (
        "メモリ上の点数・評価・テーマ・次の区切りの時刻({people}名)",
        "Points, grade, themes and next crossing in memory ({people} people)",
    ),
    "points stored": (
        "SQLiteから読んで書くまで({people}名)",
        "The same, read from and written to SQLite ({people} people)",
    ),
    "points rate": ("実時間", "wall clock"),
    "points cpu": ("CPU秒あたり", "per CPU second"),
    "points floor": ("下限", "floor"),
    "points floor cpu": ("下限(CPU秒あたり)", "floor, per CPU second"),
    "learning": (
        "## 表からの学習と採点(30列)\n\n下限は、同じ行列に対する scikit-learn の学習1回分(学習では5分割×4候補と、"
        "残すモデルの学習を行います)と、同じモデルの予測だけの時間です。",
        "## Learning from a table, and scoring one (30 columns)\n\nFloors: one bare fit of scikit-learn on the same "
        "matrix (training makes one for each of four candidates in each of five folds, and one to keep), and the bare "
        "predictions of the same model.",
    ),
    "learning train": (
        "{rows}行から学ぶ(読み込み・漏れ・候補の比較・補正・モデルカード)",
        "A model of {rows} rows (reading, leaks, candidates, calibration, card)",
    ),
    "learning apply": ("{rows}行の採点(読み込みから書き出しまで)", "{rows} rows scored, from CSV to CSV"),
    "learning wall": ("秒", "seconds"),
    "learning cpu": ("CPU秒", "CPU seconds"),
    "learning floor": ("下限", "floor"),
    "learning memory": ("最大メモリ", "peak memory"),
    "again": ("`{part}` はあとで測り直しました({when})。\n", "`{part}` was measured again later ({when}).\n"),
    "longest": ("最長", "longest"),
    "shares": (
        "## 時間の使いみち(N = 10,000、1人あたりマイクロ秒)",
        "## Where the time goes (N = 10,000, microseconds a journey)",
    ),
    "part": ("処理", "Part"),
    "due_people": ("期限の来た人を選ぶ", "choosing who is due"),
    "queued": ("待ち行列を読む", "reading the queue"),
    "gather": ("人・属性・道のりを読む", "reading people, attributes, journeys"),
    "take_turn": ("ステップを進める(純粋な計算)", "walking (the pure core)"),
    "write": ("書き込む", "writing"),
    "begin and commit": ("BEGIN と COMMIT、時間の計測", "BEGIN and COMMIT, and the timing itself"),
    "others": ("## そのほか", "## The rest"),
    "measured": ("測定値", "Measured"),
    "rendering": (
        "メールの描画(件名・本文・HTML)。同じテンプレートと枠をそのまま描画した速さに対して",
        "Rendering a letter (subject, text, HTML page), of the same templates and layout rendered bare",
    ),
    "rendering-text": (
        "(参考)HTMLを除き、件名と本文だけをそのまま描画した速さに対して",
        "(for information) of subject and text alone, without any HTML",
    ),
    "whole": (
        "1通の全行程: 待機の終わり、点数の計算と分岐、出発の審査、描画、出口、記録(N = 1,000)",
        "The whole way of a letter: wait over, score, branch, guards, rendering, sink, record (N = 1,000)",
    ),
    "guards": (
        "出発の審査: 待っている {letters} 通に、すべての関門を通す(施設あたり20通、履歴つき)",
        "All guards over {letters} queued letters, twenty a facility, with their history: from outbox to stored answer",
    ),
    "caused note": (
        "電話の結果の計測は、一つのプロセスが順に記入します。一件の仕事は14ミリ秒ですが、記入、歩み、担当の割り当てはそれぞれ別のトランザクションで、"
        "SQLiteのただ一つの鍵を、受信・tick・送信のあとに並んで待ちます。時間の大半はその待ちです。フォームのp99も同じ理由です。",
        "Calls are recorded one after the other by one process. The work is 14 ms a call, but recording, walking and "
        "sharing out are transactions of their own, and each queues for SQLite's only lock behind the reader, the tick "
        "and the sender: that wait is most of the time. The p99 of forms has the same cause.",
    ),
    "guards parts": (
        "。内訳: 順番 {order:.1f}、読み取り {read:.1f}、履歴や同意など {known:.1f}、判定 {judge:.1f}、"
        "書き込み {store:.1f}、コミットなど {rest:.1f} s",
        "; of it order {order:.1f}, reading {read:.1f}, history, grounds and the like {known:.1f}, "
        "judging {judge:.1f}, writing {store:.1f}, commits and the rest {rest:.1f} s",
    ),
    "guards figure": (
        "{seconds:.1f} s(CPU {cpu:.1f} s、同じ行を読んで書くだけのSQLは {floor:.1f} s)",
        "{seconds:.1f} s (CPU {cpu:.1f} s; bare SQL that reads and changes the same rows {floor:.1f} s)",
    ),
    "idle": (
        "眠っている道のり {sleepers} 件のときの、何もない1回(2回目以降。かっこ内は起動直後)",
        "An idle tick over {sleepers} sleeping journeys (warm; in parentheses right after the start)",
    ),
    "cold": ("{again:.1f} ms ({first:.1f} ms)", "{again:.1f} ms ({first:.1f} ms)"),
    "sixty": (
        "## 見本の会社の60営業日(SQLite、秒)\n\n市場を作り、名簿を取り込み、シナリオを公開し、60営業日を暮らします。"
        "人や機械の反応、電話、返信、商談の取り込みも含みます。",
        "## Sixty business days of the example company (SQLite, seconds)\n\nA market is made, lists come in, scenarios "
        "open, and sixty business days pass, with people, machines, callers, replies and deals.",
    ),
    "sixty target": ("2,000人で ≤ {most} 秒: {verdict}", "2,000 people: ≤ {most} s: {verdict}"),
    "days in all": ("60営業日の実時間", "Sixty business days, by the clock"),
    "days cpu": ("そのうち CPU 時間", "CPU time of it"),
    "days engine": ("エンジン(実時間)", "The engine (by the clock)"),
    "days world": ("人・機械・電話・返信(実時間)", "People, machines, calls, replies (by the clock)"),
    "days before": ("その前: 市場、取り込み、公開(実時間)", "Before: market, imports, publishing (by the clock)"),
    "departures": ("出発の審査(CPU)", "asking about departures (CPU)"),
    "sending": ("送信(描画と保存を含む、CPU)", "sending, with rendering and storing (CPU)"),
    "printing": ("うち描画(CPU)", "of it rendering (CPU)"),
    "folder": ("うちメールボックスへの書き込み(CPU)", "of it writing into the mailbox (CPU)"),
    "days letters": ("出たメール", "Letters that left"),
    "days memory": ("メモリの最大", "Peak memory"),
    "postgres": (
        "## PostgreSQL(N = 10,000、1プロセス、1秒あたり)\n\nCPU はこちらのプロセスの分だけです。",
        "## PostgreSQL (N = 10,000, one process, a second)\n\nCPU seconds are those of our process alone.",
    ),
    "a second": ("1秒あたり", "a second"),
    "peers": (
        "## 同種の製品と並べて\n\n{name} {version}({platform})に同じ仕事をさせ、同じ回に測りました: 待機が終わり、"
        "点数で分岐し、メールを描画し、何もしない出口に渡し、記録する。どちらも SQLite(WAL)。"
        "こちらはその上に、法律と作法の審査、点数の計算、二重送信を防ぐ記録、本文の保存をしています。数字は1秒あたりの通数です。",
        "## Beside a comparable product\n\n{name} {version} ({platform}) does the same work in the same run: the wait "
        "is over, branch on the score, render the letter, hand it to a sink, record it. Both on SQLite (WAL). Ours "
        "asks the guards of law and manners, counts points, keeps what prevents sending twice and stores the body as "
        "well. Letters a second.",
    ),
    "letters": ("通数", "Letters"),
    "times": ("倍", "times"),
    "times cpu": ("倍(CPU時間)", "times (CPU time)"),
    "meanings": (
        "## 言葉の決まり\n\n- 1ステップ = ひとつのステップを離れること(次へ進む、または終わる)。"
        "「効果のあるステップ」は、メールを1通書くステップだけを数え、その前に離れた待機は数えていません。"
        "「待機と分岐」では1人が2ステップ(待機と分岐)を離れ、次の待機で休みます。\n"
        "- 「1秒あたり」は実時間、「CPU 1秒あたり」は測ったプロセスの CPU 時間です。"
        "どの回も新しいプロセスで、用意したデータベースの写しに対して行います。"
        "SQL文の準備(プロセスごとに一度)は含みません。「何もない1回」の起動直後の値に現れます。\n"
        "- 「シナリオに入る人」は、待ち行列から読み、条件を確かめ、道のりを記録するまでです。\n"
        "- コマンドの時間は5回の中央値、かっこ内は最短です。判定は最短で行います。",
        '## What the words mean\n\n- A step = one step left (Go or End). "Steps with an effect" counts only the step '
        'that writes a letter, not the wait that was left before it. In "waiting and branching" each person leaves two '
        "steps, a wait and a branch, and rests on the next wait.\n"
        '- "A second" is wall time, "per CPU second" the CPU time of the measured process. Every run is a new process '
        "over a copy of a prepared database. Making the SQL statements, once a process, is left out; the idle tick "
        "right after the start shows it.\n"
        '- "People enrolled" is from the queue over the scenario\'s conditions to the stored journey.\n'
        "- A command's time is the median of five; in parentheses the quickest, by which it is judged.",
    ),
    "machine": (
        "## 測った機械\n\n{day}、コミット {commit}、{processor}、{cores} コア、Python {python}、SQLite {sqlite}。"
        "直前の負荷 {load:.1f}。同じ計算にかかる時間のばらつきは、中央値の {quickest:.2f}〜{slowest:.2f} 倍でした。"
        "ばらつきが大きい回は、ほかの仕事が同時に動いています。",
        "## The machine\n\n{day}, commit {commit}, {processor}, {cores} cores, Python {python}, SQLite {sqlite}. Load "
        "average {load:.1f}. One fixed calculation took {quickest:.2f} to {slowest:.2f} times its median: where that "
        "spread is wide, others were working on the machine.",
    ),
    "web": (
        "## HTTPの受け口(SQLite。ループが動いているあいだ)",
        "## The HTTP entrance (SQLite, while the loop runs)",
    ),
    "web floor": ("床: 空の経路と、1件ごとのコミット", "floor: an empty route with one commit each"),
    "web single": ("1件ずつ、できるだけ速く", "one event a request, as fast as it goes"),
    "web single-paced": ("1件ずつ、毎秒2,000件", "one event a request, 2,000 a second"),
    "web batches": ("20件ずつ、できるだけ速く(件数)", "20 events a request, as fast as it goes (events)"),
    "web batches-paced": ("20件ずつ、毎秒2,000件(件数)", "20 events a request, 2,000 events a second (events)"),
    "web forms": ("フォームの送信がタスクになるまで、毎秒50件", "a form until it is a task, 50 a second"),
    "web hook-rows": (
        "床: SendGridのイベントを表に入れるだけ(executemany、100件ごと)",
        "floor: SendGrid's events as bare rows (executemany, 100 a commit)",
    ),
    "web hook-route": (
        "床: 100件の呼び出しを読むだけの経路(件数)",
        "floor: a route that only reads calls of 100 events (events)",
    ),
    "web hook": (
        "SendGridのイベント、100件ずつ。処理と送信を動かしながら、結果が出そろうまで(件数)",
        "SendGrid's events, 100 a call, until all that follows is done, while tick and sender run (events)",
    ),
    "web hook-paced": (
        "同、毎秒2,500件(件数)。待ち時間は呼び出しごと",
        "the same at 2,500 events a second (events); waits of a call",
    ),
    "web caused-forms": (
        "フォームの送信がタスクになるまで、毎秒50件。処理と送信を動かしながら",
        "a form until it is a task, 50 a second, while tick and sender run",
    ),
    "web caused-views": (
        "同、ほかに毎秒2,000件のページ閲覧を受けながら",
        "the same beside 2,000 page views a second",
    ),
    "web caused-replies": (
        "返信が届いてからシナリオが止まるまで、毎秒50件。処理と送信を動かしながら",
        "a reply until it has ended the scenario, 50 a second, while tick and sender run",
    ),
    "web caused-calls": (
        "電話の結果を記録してから、次の動きが済むまで、毎秒50件。処理と送信を動かしながら",
        "a call's result until all that follows is done, 50 a second, while tick and sender run",
    ),
    "spent": (
        "### SendGridのイベント1,000件にかかるCPU時間(ミリ秒)",
        "### CPU time of a thousand of SendGrid's events (milliseconds)",
    ),
    "receiving": ("受け付け(署名の確認と保存)", "receiving (signature, storing)"),
    "working off": ("読み取りと、その結果", "working off, and what follows"),
    "tick and sender": ("毎分の処理と送信", "tick and sender"),
    "provider": ("送信先の代わり", "the provider's stand-in"),
    "load": ("負荷をかける側", "the load's own"),
    "busy": ("機械全体の使用率", "of the machine, in all"),
    "theirs": ("うち、測定と関係のない仕事", "of it others' work"),
    "spent means": (
        "実際のワークスペースを `hagukumi serve` で動かし、測定のあいだに始まる1分間のメール{sent:,.0f}通を、"
        "SendGridの代わりのサーバーへ送りながら測っています。速さは、未処理の呼び出しを20件までに保ちながら送り続けた"
        "ときのもので、溜まりは増えません。\n\n"
        "次は、測ったCPU時間からの計算です。読み取りはひとつのプロセスで、1コアを使い切ると毎秒 {core:,.0f} 件"
        "(1,000件あたり {reader:.0f} ミリ秒)、受け付けは1コアで毎秒 {receiver:,.0f} 件です。"
        "すべてを合わせると1,000件あたり {ours:.0f} ミリ秒ですので、毎秒5,000件には {needed:.1f} コア分が要ります。"
        "{cores} コアのうち、この測定で使えたのはおよそ {share:.1f} コアでした。"
        "コアを増やすと、ほかのプロセスが読み取りのコアから離れます。読み取りそのものは1コアのままですので、"
        "毎秒 {core:,.0f} 件が上限です。",
        "A real workspace, kept by `hagukumi serve`, sends {sent:,.0f} letters of the minute that begins during the "
        "measurement to a server that stands in for SendGrid. The rate is that of posting with at most 20 calls "
        "unread: no backlog grows.\n\n"
        "The rest is reckoned from the CPU times measured. Working off is one process: with a core to itself "
        "{core:,.0f} events a second ({reader:.0f} ms a thousand); receiving does {receiver:,.0f} on one core. "
        "Everything together takes {ours:.0f} ms a thousand, so 5,000 events a second need {needed:.1f} cores. Of "
        "{cores} cores this measurement had about {share:.1f}. More cores take the other processes off the reader's; "
        "the reader itself stays on one, so {core:,.0f} a second is where it ends.",
    ),
    "sending page": (
        "## 出ていくメール(SendGridの出口。SQLite、実際のワークスペースと送信記録)\n\n"
        "1通ずつ呼び出し、引き受け、描画、直前の確認、結果の記録までを含みます。相手は同じ機械の上の、"
        "SendGridと同じ答え方をするサーバーです。「床」は、出来上がった本文を同じ数のスレッドで送るだけの速さです"
        "(同じ回、同じサーバー)。2コアをほかの仕事と分け合う機械で測っていますので、床に対する割合と CPU 時間も"
        "あわせてご覧ください。",
        "## Letters that leave (the SendGrid outlet; SQLite, a real workspace with its logbook)\n\nOne letter a call: "
        "claim, rendering, last look and the stored answer included, to a server on the same machine that answers as "
        "SendGrid does. The floor posts one ready-made body from as many bare threads, to the same server in the same "
        "run. The machine has two cores and shares them: read the shares of the floor and the CPU time as well.",
    ),
    "sending loopback": (
        "{letters}通、待ち時間なし、同時に{at_once}件",
        "{letters} letters, no latency, {at_once} calls at once",
    ),
    "sending latency": (
        "{letters}通、相手が1件に150ミリ秒かけるとき、同時に{at_once}件",
        "{letters} letters, the provider takes 150 ms a call, {at_once} calls at once",
    ),
    "sending queue": (
        "{letters}通が待っているときのメモリ(送る前は {before:.0f} MB)",
        "Memory while {letters} letters wait ({before:.0f} MB before sending)",
    ),
    "a second of three": ("1秒あたり(最小–最大)", "a second (min–max)"),
    "posts": ("床、1秒あたり", "floor, a second"),
    "of posts": ("床に対して", "of the floor"),
    "of posts cpu": ("床に対して(CPU)", "of the floor (CPU)"),
    "ms of cpu": ("1通のCPU、ミリ秒(当方 / 相手)", "CPU ms a letter (ours / provider)"),
    "peak memory": ("メモリの最大", "peak memory"),
}
