// The consent bar of pages that Hagukumi shows itself. Needs hagukumi.js before it; words come in data-bar.
(function (w, d) {
  "use strict";
  var said = JSON.parse(d.currentScript.dataset.bar), NO = "hagukumi-no";
  var quiet = w.navigator.globalPrivacyControl === true || w.navigator.doNotTrack === "1";
  function refused() { try { return w.localStorage.getItem(NO) === said.version; } catch (e) { return true; } }
  function refuse(yes) {
    try { yes ? w.localStorage.setItem(NO, said.version) : w.localStorage.removeItem(NO); } catch (e) {}
  }
  function button(id, words, act) {
    var made = d.createElement("button");
    made.type = "button"; made.id = id; made.textContent = words;
    made.style.cssText = "font:inherit;padding:.3em 1em;margin:.2em .6em .2em 0;cursor:pointer";
    made.addEventListener("click", act);
    return made;
  }
  function bar() {
    var old = d.getElementById("hagukumi-bar"), box = d.createElement("aside"), text = d.createElement("span");
    if (old) old.remove();
    var given = w.hagukumi.consented() === said.version, asking = !given && !quiet && !refused();
    box.id = "hagukumi-bar";
    box.className = "screen";
    box.style.cssText = "padding:1rem 1.25rem;border-top:1px solid #888;background:Canvas;color:CanvasText;" +
      "font-size:.875rem;line-height:1.6" + (asking ? ";position:sticky;bottom:0" : "");
    text.textContent = given ? "" : said.text + " ";
    box.appendChild(text);
    var more = d.createElement("a");
    more.href = said.url; more.textContent = said.more; more.style.marginRight = "1em"; more.style.color = "LinkText";
    box.appendChild(more);
    if (given) {
      box.appendChild(button("hagukumi-off", said.off, function () { w.hagukumi.withdraw(); refuse(true); bar(); }));
    } else {
      box.appendChild(button("hagukumi-yes", said.yes, function () {
        refuse(false); w.hagukumi.consent(said.version, true); bar();
      }));
      if (asking) box.appendChild(button("hagukumi-no", said.no, function () { refuse(true); bar(); }));
    }
    d.body.appendChild(box);
  }
  bar();
})(window, document);
