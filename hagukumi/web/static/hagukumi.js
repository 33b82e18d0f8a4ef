// Hagukumi: page views of visitors who consented. Sends nothing before hagukumi.consent(version).
(function (w, d) {
  var KEY = "hagukumi", base = new URL(d.currentScript.src).origin, here = new URL(w.location.href);
  var token = here.searchParams.get("hk"), queue = [], timer = 0, told = false;
  var no = w.navigator.globalPrivacyControl || w.navigator.doNotTrack === "1";
  function kept() { try { return JSON.parse(w.localStorage.getItem(KEY)); } catch (e) { return null; } }
  // Whoever asks not to be tracked is heard later, too, unless they pressed a button.
  function load() { var me = kept(); return me && (!no || me.explicit) ? me : null; }
  function save(me) {
    try { me ? w.localStorage.setItem(KEY, JSON.stringify(me)) : w.localStorage.removeItem(KEY); } catch (e) {}
  }
  function random() {
    return Array.from(w.crypto.getRandomValues(new Uint8Array(16)), function (b) {
      return (b + 256).toString(16).slice(1);
    }).join("");
  }
  function page() { return w.location.origin + w.location.pathname; }
  function post(path, body) {
    // text/plain needs no preflight; no cookies travel.
    w.fetch(base + path, {
      method: "POST", body: JSON.stringify(body), keepalive: true, credentials: "omit",
      headers: { "Content-Type": "text/plain" }
    }).then(function (r) { if (r.status === 409) save(null); }, function () {});
  }
  function flush() {
    var me = load(), body;
    timer = w.clearTimeout(timer);
    if (me && queue.length) {
      body = { visitor: me.visitor, consent: { notice_version: me.version, at: me.at }, events: queue.splice(0, 100) };
      if (token) body.link = token;
      token = null;
      post("/v1/events", body);
    }
  }
  function tell(kind, content) {
    if (!load()) return;
    queue.push({ id: random(), kind: kind, at: new Date().toISOString(), url: page(), content: content });
    timer = timer || w.setTimeout(flush, 200);
  }
  function view() { if (!told && load()) { told = true; tell("page_view"); } }
  function dress() {
    var me = load() || {}, more = {
      hk_page: page(), hk_lang: d.documentElement.lang, hk_visitor: me.visitor, hk_notice: me.version, hk_at: me.at
    };
    d.querySelectorAll('form[action*="/v1/forms/"]').forEach(function (form) {
      Object.keys(more).forEach(function (name) {
        var input = form.elements[name] || form.appendChild(d.createElement("input"));
        input.type = "hidden"; input.name = name; input.value = more[name] || "";
      });
    });
  }
  w.hagukumi = {
    // With Global Privacy Control or Do Not Track only explicit === true counts: the visitor pressed a button.
    consent: function (version, explicit) {
      var me = load(), old = kept();
      if (me && me.version === version) return;
      if (no && explicit !== true) return;
      save({
        visitor: old ? old.visitor : random(), version: version, at: new Date().toISOString(),
        explicit: explicit === true
      });
      view();
    },
    consented: function () { return (load() || {}).version; },
    withdraw: function () {
      var me = kept();
      queue = []; told = false; save(null);
      if (me) post("/v1/withdraw", { visitor: me.visitor });
    },
    download: function (content) { tell("download", content); }
  };
  if (token) {
    // Out of the address bar, so that nobody passes it on.
    here.searchParams.delete("hk");
    w.history.replaceState(w.history.state, "", here);
  }
  d.addEventListener("submit", dress, true);
  w.addEventListener("pagehide", flush);
  view();
})(window, document);
