### Alles, was das Fenster zeigt oder sagt, auf Deutsch. Ohne Anrede: Schaltflächen im Infinitiv,
### Sätze so kurz wie möglich. Namen von Produkten und Plattformen bleiben, wie sie sind.

## Wörter, die an vielen Stellen stehen

cancel = Abbrechen
close = Schließen
dismiss = Ausblenden
loading = Wird geladen
removing = Wird entfernt
try-again = Erneut versuchen
error-works = Alles andere arbeitet weiter, und nichts geht verloren.
error-works-offline = Was zu sehen ist, bleibt lesbar, und Geschriebenes bleibt erhalten.
undo = Rückgängig
unread = Ungelesen
you = Ich
has-file = Mit Anhang
no-subject = Kein Betreff
unknown-sender = Unbekannter Absender
nobody = Niemand
connect-account = Konto verbinden
comes-back = Erscheint wieder: { $time }
# Ein Text von jemand anderem, etwa der Titel einer Seite.
quoted = „{ $text }“
# Was ein Bedienelement tut, und die Taste, die dasselbe tut.
with-key = { $label } ({ $keys })
# Wer etwas geschrieben hat, und wann.
who-when = { $who }, { $when }
# Zwei oder drei Personen: Die letzte steht für sich.
people-and = { $people } und { $last }
people-others = { $people } und { $count } weitere

## Tasten, wie sie auf Tastaturen heißen

key-ctrl = Strg
key-shift = Umschalt
key-enter = Eingabe
key-escape = Esc
key-tab = Tab
key-delete = Entf
key-home = Pos1
key-end = Ende
key-insert = Einfg
key-backspace = Rücktaste
key-space = Leertaste
# Zwei Tasten nacheinander.
key-then = { $first } dann { $second }
# Zwischen zwei Tasten, von denen jede genügt.
key-or = oder

## Befehle: Schaltflächen, Menüs und die Tastenübersicht

command-next = Nächste Unterhaltung
command-previous = Vorige Unterhaltung
command-first = Erste Unterhaltung
command-last = Letzte Unterhaltung
command-open = Öffnen
command-back = Zurück zur Liste
command-next_split = Nächster Reiter
command-previous_split = Voriger Reiter
command-archive = Archivieren
command-delete = Löschen
command-snooze = Später erinnern
command-remind = Erinnern, wenn niemand antwortet
command-file = In Ordner oder unter Label ablegen
command-inbox = Zurück in den Posteingang
command-dismiss = Keine Aufgabe
command-star = Stern setzen oder entfernen
command-unread = Als (un)gelesen markieren
command-mute = Stummschaltung ein oder aus
command-leave_list = Abbestellen
command-rsvp_accept = Die Einladung annehmen
command-rsvp_tentative = Auf die Einladung „vielleicht“ antworten
command-rsvp_decline = Die Einladung ablehnen
command-undo = Rückgängig
command-rail = Seitenleiste schmal oder breit
command-compose = Neue Nachricht
command-reply = Antworten
command-reply_all = Allen antworten
command-new_page = Neue Notizseite
command-inspector = Person der Unterhaltung
command-source = Quelltext der Mail
command-print = Drucken
command-forward = Weiterleiten
command-select = Auswählen
command-extend_next = Auswahl abwärts
command-extend_previous = Auswahl aufwärts
command-select_all = Alles auswählen
command-go_today = Heute
command-go_inbox = Posteingang
command-go_waiting = Wartet auf Antwort
command-go_snoozed = Zurückgestellt
command-go_drafts = Entwürfe
command-go_outbox = Postausgang
command-go_sent = Gesendet
command-go_archive = Archiv
command-go_notes = Notizen
command-go_people = Personen
command-go_starred = Mit Stern
command-go_all = Alle
command-go_notices = Verlauf der Benachrichtigungen
command-search = Suchen
command-save_search = Diese Suche behalten
command-palette = Befehlspalette
command-settings = Einstellungen
command-lock = Jetzt sperren
command-sheet = Diese Übersicht
command-send = Senden

sheet-title = Tastatur
sheet-keys = Tasten
sheet-move = Navigieren
sheet-do = Aktionen
sheet-write = Schreiben
sheet-select = Auswählen
sheet-go = Gehe zu
sheet-window = Fenster

## Listen, die man ansehen kann

view-inbox = Posteingang
view-waiting = Wartet auf Antwort
view-snoozed = Zurückgestellt
view-sent = Gesendet
view-archive = Archiv
view-notes = Notizen
view-starred = Mit Stern
view-junk = Spam
view-trash = Papierkorb
view-all = Alle

## Plattformen; die anderen heißen, wie sie heißen

platform-imap = Mail
platform-files = Importiert
platform-channel = Kanal
# In einem Satz.
kind-mail = Mail
kind-chat = Chat
kind-note = Notizen

## Wie es einer Quelle geht

health-starting = Startet
health-syncing = Wird abgeglichen
health-live = Aktuell
health-paused = Pausiert
health-off = Ausgeschaltet
health-auth_needed = Anmeldung nötig
health-throttled = Wartet: Der Server bat um eine Pause
health-offline = Offline
network-unreached = Kein Konto erreichbar
health-failing = Kein Abgleich
# Ein Zustand und ein Satz der Quelle dazu.
health-line = { $state }: { $message }
last-heard = Letzter Kontakt: { $ago }
not-heard = Noch kein Kontakt
first-sync = Erster Abgleich von { $source }
sync-done-of = { $done } von { $total }
sync-done = bisher { $done }

## Was mit Unterhaltungen geschah, als Meldung und für Bildschirmleser

did-read = { $count ->
    [one] Als gelesen markiert
   *[other] Als gelesen markiert: { $count } Unterhaltungen
}
did-unread = { $count ->
    [one] Als ungelesen markiert
   *[other] Als ungelesen markiert: { $count } Unterhaltungen
}
did-star = { $count ->
    [one] Stern gesetzt
   *[other] Stern gesetzt: { $count } Unterhaltungen
}
did-unstar = { $count ->
    [one] Stern entfernt
   *[other] Stern entfernt: { $count } Unterhaltungen
}
did-archive = { $count ->
    [one] Archiviert
   *[other] Archiviert: { $count } Unterhaltungen
}
did-inbox = { $count ->
    [one] In den Posteingang verschoben
   *[other] In den Posteingang verschoben: { $count } Unterhaltungen
}
did-delete = { $count ->
    [one] In den Papierkorb verschoben
   *[other] In den Papierkorb verschoben: { $count } Unterhaltungen
}
did-move = { $count ->
    [one] Verschoben
   *[other] Verschoben: { $count } Unterhaltungen
}
did-label = { $count ->
    [one] Label vergeben
   *[other] Label vergeben: { $count } Unterhaltungen
}
did-unlabel = { $count ->
    [one] Label entfernt
   *[other] Label entfernt: { $count } Unterhaltungen
}
did-snooze = { $count ->
    [one] Zurückgestellt
   *[other] Zurückgestellt: { $count } Unterhaltungen
}
did-remind = { $count ->
    [one] Kommt zurück, wenn niemand antwortet
   *[other] Kommen zurück, wenn niemand antwortet: { $count } Unterhaltungen
}
did-unremind = { $count ->
    [one] Erinnerung entfernt
   *[other] Erinnerung entfernt: { $count } Unterhaltungen
}
did-mute = { $count ->
    [one] Stummgeschaltet
   *[other] Stummgeschaltet: { $count } Unterhaltungen
}
did-unmute = { $count ->
    [one] Nicht mehr stumm
   *[other] Nicht mehr stumm: { $count } Unterhaltungen
}
did-tick = Aufgabe erledigt
did-untick = Aufgabe wieder offen
did-react = Reaktion gegeben
did-unreact = Reaktion zurückgenommen
did-accept = Einladung angenommen
did-tentative = Mit „Vielleicht“ geantwortet
did-decline = Einladung abgelehnt
# Was geschah, und die Unterhaltung, auf der der Fokus nun steht.
did-settle = { $count ->
    [one] Erledigt
   *[other] { $count } erledigt
}
did-dismiss = { $count ->
    [one] Keine Aufgabe: gemerkt
   *[other] { $count } sind keine Aufgaben: gemerkt
}
did-next = { $did }. { $next }
did-list-empty = { $did }. Die Liste ist leer.
undone = Rückgängig gemacht: { $did }
undo-never = Das Letzte lässt sich nicht zurücknehmen. Noch einmal „Rückgängig“ nimmt zurück, was davor war.
selected = { $count } ausgewählt
selected-whole = Alle { $count } ausgewählt
select-all = Alle { $count } auswählen
select-all-found = Alle { $count } Treffer auswählen
bulk-working = { $count } Unterhaltungen werden bearbeitet. Danach lässt es sich rückgängig machen.
select-most = Die ersten { $count } sind ausgewählt: Mehr geht nicht auf einmal.

## Der Dienst dahinter antwortet nicht

engine-silent = Inlet antwortet nicht. Wenn es dabei bleibt, Inlet neu starten.
engine-unreachable = Inlet ist nicht erreichbar. Prüfen, ob `inlet serve` läuft.
engine-no-token = Diese Adresse hat keinen gültigen Schlüssel. Den Link öffnen, den `inlet serve` ausgegeben hat.
engine-no-answer = Inlet konnte nicht antworten. Noch einmal versuchen.
engine-newer-search = Eine neuere Suche trat an ihre Stelle.

## Kopfzeile

sync-well = Jetzt abgleichen. Alles ist aktuell.
sync-busy = Jetzt abgleichen. Es wird gerade abgeglichen.
sync-resting = Jetzt abgleichen. Zurzeit wird nichts abgeglichen.
sync-ill = { $count ->
    [one] Jetzt abgleichen. Eine Quelle wird nicht abgeglichen.
   *[other] Jetzt abgleichen. { $count } Quellen werden nicht abgeglichen.
}
theme-system = Design: wie das System
theme-light = Design: hell
theme-dark = Design: dunkel
keyboard = Tastatur
compose = Schreiben

## Leiste

places = Orte
rail-narrow = Nur Symbole zeigen
rail-widen = Namen neben den Symbolen zeigen
more = Mehr
sources = Quellen
add-account = Konto hinzufügen
accounts = Konten
place-today = Heute
place-drafts = Entwürfe
place-outbox = Postausgang
# Ein Ort, und wie viel dort ist.
counted = { $label }, { $count }
counted-unread = { $label }, { $count } ungelesen
# Für Bildschirmleser: eine Quelle, und wie es ihr geht.
source-health = { $source }. { $health }
source-unread-health = { $source }, { $count } ungelesen. { $health }

## Hinweise über dem Fenster

notices = Hinweise
offline-notice = Offline. Alles, was hier ist, funktioniert; Gesendetes wartet im Postausgang.
demo-notice = Demo: Nichts verlässt diesen Computer.
demo-remove = Demo entfernen

## Statuszeile

network-online = Online
network-offline = Offline
offline-tip = Alles, was hier ist, funktioniert; der Rest wartet auf das Netz.
status-outbox = { $count } im Postausgang
status-auth_needed = { $source }: Anmeldung nötig
status-failing = { $source }: kein Abgleich
status-warned = { $source }: die Plattform meldet ein Problem
status-missed = { $source }: vielleicht fehlt etwas
status-unreadable = { $source }: etwas war nicht lesbar
work-of = { $title }: { $done } von { $total }
work-done = { $title }: { $done }
work-tidy = Aufräumen, was nicht länger aufbewahrt wird
work-backup = Sicherung, in Megabyte
work-check = Dateien prüfen
work-export = Export nach { $folder }
# Wie lange es noch dauert; 0 Minuten sind weniger als eine.
work-left = { $minutes ->
    [0] noch weniger als eine Minute
    [one] noch etwa eine Minute
   *[other] noch etwa { $minutes } Minuten
}
work-paused = angehalten
work-pause = { $title } anhalten
work-resume = { $title } fortsetzen
work-cancel = { $title } beenden
work-cancel-rebuild = Den neuen Aufbau des Index beenden; was fertig ist, bleibt, und für den Rest gilt der alte Index weiter
work-cancel-sync = { $title } nicht weiter abholen; was hier ist, bleibt, und unter „Konten“ geht es weiter
work-more = { $count } weitere
search-index = Suchindex
status-heard = { $source }: { $ago }
status-not-heard = { $source }: noch kein Kontakt

## Liste

list-width = Breite der Liste
list-height = Höhe der Liste
source = Quelle
selection = Ausgewählte Unterhaltungen
selection-clear = Auswahl aufheben
tabs = Arten
tab-all = Alle
tab-people = Personen
tab-updates = Infos
tab-mail = Mail
tab-chat = Chat
tab-note = Notizen
tab-unread = { $count } ungelesen
# Warum eine Unterhaltung in der Liste steht.
row-unanswered = Keine Antwort seit { $date }
row-reminds = Mit Erinnerung
reminds = Kommt { $time } zurück, wenn niemand antwortet
row-untitled = Seite ohne Titel
row-messages = { $count ->
    [one] { $count } Nachricht
   *[other] { $count } Nachrichten
}
row-muted = Stumm
row-starred = Mit Stern
row-snoozed = Zurückgestellt
# Vor dem Text einer eigenen Nachricht.
row-you = Ich:

empty-inbox = Alles erledigt
empty-inbox-text = Neue Mails und Chats erscheinen hier.
empty-waiting = Nichts offen
empty-waiting-text = Eigene Fragen, auf die noch eine Antwort fehlt, erscheinen hier.
empty-snoozed = Nichts zurückgestellt
empty-snoozed-text = Die Taste { $key } stellt eine Unterhaltung zurück, bis sie wieder erscheint.
empty-sent = Noch nichts gesendet
empty-sent-text = Unterhaltungen mit eigenen Nachrichten erscheinen hier.
empty-archive = Das Archiv ist leer
empty-archive-text = Die Taste { $key } legt eine erledigte Unterhaltung hier ab.
empty-notes = Noch keine Notizen
empty-notes-text = Seiten aus Notizbüchern erscheinen hier, sobald eines verbunden ist.
empty-starred = Nichts mit Stern
empty-starred-text = Die Taste { $key } setzt einen Stern, damit eine Unterhaltung hier zu finden ist.
empty-junk = Kein Spam
empty-junk-text = Was der Anbieter für Spam hielt, erscheint hier.
empty-trash = Der Papierkorb ist leer
empty-trash-text = Gelöschtes bleibt hier, bis der Anbieter es leert.
empty-all = Noch nichts hier
empty-all-text = Alles, was ankommt, erscheint hier.
empty-tab-people = Niemand hier
empty-tab-updates = Keine Infos hier
empty-tab-mail = Keine Mails hier
empty-tab-chat = Keine Chats hier
empty-tab-note = Keine Notizen hier
empty-tab-own = Nichts in „{ $name }“
empty-tab-text = In den anderen Reitern ist vielleicht mehr.
empty-compose = Nachricht schreiben
empty-go-inbox = Zum Posteingang
empty-show-all = Alle anzeigen

## Suche

search = Suchen
search-placeholder = Mails, Chats und Notizen durchsuchen
search-clear = Suche leeren
search-results = Suchergebnisse
search-busy = Wird gesucht
search-found = { $count ->
    [one] { $count } Treffer
   *[other] { $count } Treffer
}
search-found-least = { $count ->
    [one] Mindestens { $count } Treffer
   *[other] Mindestens { $count } Treffer
}
search-order = Reihenfolge
search-newest = Neueste
search-best = Beste
search-corrected = Dafür wurde nichts gefunden; Ergebnisse für „{ $word }“.
search-nothing = Nichts gefunden
search-back = Zurück zur Liste
search-chat = Chat
# Eine Suche, die behalten wird: in der Seitenleiste oder als Reiter über der Liste.
saved-search = Gespeicherte Suche
saved-searches = Gespeicherte Suchen
saved-searches-text = Sie stehen in der Seitenleiste, einen Klick entfernt.
saved-searches-none = Noch keine. Nach etwas suchen und dann das Lesezeichen im Suchfeld drücken.
saved-searches-manage = Gespeicherte Suchen umbenennen, ordnen oder entfernen
saved-search-title = { $name }: { $query }
saved-search-new = Neue gespeicherte Suche
save-search = Diese Suche behalten
save-search-edit = Gespeicherte Suche ändern
save-search-none = Zuerst nach etwas suchen, dann die Suche behalten.
save-search-saved = Gespeichert als „{ $name }“: ändern
save-search-done = „{ $name }“ ist gespeichert
save-search-query = Sucht nach
save-search-query-hint = In der Sprache des Suchfelds, etwa from:ana has:attachment.
save-search-icon = Symbol
save-search-tab = Auch als Reiter über die Liste stellen
own-tab = Eigener Reiter
own-tabs = Eigene Reiter
own-tabs-text = Sie stehen über der Liste nach Alle, Personen, Mail, Chat, Infos und Notizen und zeigen, was eine Suche dort findet.
own-tabs-none = Noch keine. Ein Reiter zeigt, was eine Suche in der Liste darunter findet.
own-tab-new = Neuer Reiter
own-tabs-outlook = Relevant und Sonstige, wie in Outlook
own-tab-focused = Relevant
own-tab-other = Sonstige
own-tab-edit = Reiter ändern
own-tab-make = { $name } zum Reiter machen
own-tab-made = „{ $name }“ ist ein Reiter über der Liste
kept-up = { $name } nach oben
kept-down = { $name } nach unten
kept-moved = { $name } steht an Stelle { $place } von { $total }
icon-bookmark = Lesezeichen
icon-flag = Fahne
icon-user = Person
icon-users = Personen
icon-briefcase = Aktentasche
icon-house = Haus
icon-receipt = Beleg
icon-plane = Flugzeug
icon-heart = Herz
icon-bell = Glocke
icon-paperclip = Büroklammer
icon-code = Code
coverage-whole = Durchsucht alles in allen Quellen.
coverage-since = { $source }: seit { $date }
coverage-none = { $source }: noch nicht abgeglichen
coverage-partial = { $sources }.
coverage-partial-rest = { $sources }; die anderen ganz.

## Später erinnern

snooze-title = Später erinnern
snooze-when = Wann
snooze-placeholder = fr 9, in 3 tagen, nächsten montag
snooze-hint = Einen Tag, eine Uhrzeit oder beides eingeben, etwa „fr 9“ oder „in 3 tagen“.
snooze-evening = Heute Abend
snooze-tomorrow = Morgen
snooze-weekend = Am Wochenende
snooze-week = Nächste Woche

remind-title = Wenn niemand antwortet bis
remind-forget = Erinnerung entfernen

## Ordner und Labels

filing-title = Ordner und Labels
filing-title-move = In einen Ordner verschieben
filing-name = Name eines Ordners oder Labels
filing-placeholder = Namen eingeben, mit / zwischen den Ebenen
filing-places = Ordner und Labels
filing-hint = Die Eingabetaste setzt ein Label oder nimmt es weg. Mit Umschalt wird verschoben: Label gesetzt, aus dem Posteingang heraus.
filing-none = Chats und Notizen haben keine Ordner oder Labels. Eine E-Mail wählen.
filing-whole = Ein Ordner gehört zu einem Konto, eine ganze Liste vielleicht zu mehreren. Die Unterhaltungen selbst auswählen.
# Ein Ordner gilt für einen Teil der ausgewählten Unterhaltungen.
filing-some = { $source }: { $count } von { $of }
filing-make-label = Neues Label „{ $name }“
filing-make-folder = Neuer Ordner „{ $name }“

## Verteiler

leave-title = Abbestellen
leave-one_click = { $whom } bitten, nichts mehr von { $sender } zu schicken? Dort erfährt man nur, dass diese Adresse austreten möchte.
leave-mail = Eine E-Mail an { $whom } schicken, um nichts mehr von { $sender } zu bekommen? Sie lässt sich wie jede andere zurücknehmen.
leave-link = Bei { $sender } tritt man nur auf einer Seite von { $whom } aus. Im Browser öffnen?
leave-again = Darum wurde schon gebeten. Verteiler brauchen manchmal einige Tage.
leave-open = Seite öffnen
leave-none = Diese Unterhaltung kam über keinen Verteiler, aus dem man austreten kann.
left = { $whom } hat die Abmeldung bestätigt
left-mail = Abmeldung per E-Mail an { $whom }
left-at = Abbestellt am { $date }
left-asked = Abmeldung erbeten am { $date }

## Passwortspeicher

unlock-title = Passwortspeicher öffnen
unlock-why = Dieses System hat keinen Schlüsselbund; Passwörter schützt hier eine eigene Passphrase. Die erste, die eingegeben wird, gilt.
unlock-passphrase = Passphrase
unlock-later = Nicht jetzt
unlock-open = Öffnen
unlock-opening = Wird geöffnet

## Sperre des Fensters

lock-title = Inlet ist gesperrt
lock-text = Bis zur Eingabe der Passphrase ist nichts zu sehen. Nachrichten kommen weiter an, und was Sie gesendet haben, geht hinaus.
lock-open = Entsperren
lock-opening = Wird entsperrt
lock-wrong = Das ist nicht die Passphrase. Versuchen Sie es noch einmal.
lock-wait = { $count ->
    [one] Noch { $count } Sekunde bis zum nächsten Versuch.
   *[other] Noch { $count } Sekunden bis zum nächsten Versuch.
}
lock-forgotten = Vergessen? In der Anleitung (README, „Locking the window“) steht, wie Sie Inlet von Ihrem Konto auf diesem Computer wieder öffnen. Dabei geht nichts verloren.
lock-none = Wählen Sie zuerst eine Passphrase; mit ihr wird das Fenster wieder geöffnet.
lock-settings = Passphrase der Sperre
lock-settings-text = Danach fragt ein gesperrtes Fenster. Die Sperre hält fern, wer vorbeikommt, und verschlüsselt nichts: Die Dateien im Datenordner sind so geschützt wie der Datenträger, auf dem sie liegen, und Befehle in einem Terminal Ihres Kontos gehen wie zuvor. Abrufen, Regeln und Senden laufen weiter, während gesperrt ist.
lock-idle = Noch ist nichts gesperrt: Wählen Sie eine Passphrase.
lock-old = Jetzige Passphrase
lock-new = Neue Passphrase
lock-new-hint = Mindestens 6 Zeichen.
lock-again = Noch einmal dieselbe
lock-differs = Die beiden sind nicht gleich.
lock-choose = Passphrase festlegen
lock-change = Passphrase ändern
lock-remove = Sperre entfernen
lock-chosen = Die Passphrase ist festgelegt. Wählen Sie oben, wann nach ihr gefragt wird.
lock-changed = Die Passphrase ist geändert
lock-removed = Die Sperre ist entfernt

## Erster Start

welcome = Willkommen bei Inlet
welcome-text = Ein Fenster für Mails, Chats und Notizen. Alles bleibt auf diesem Computer.
welcome-demo = Demo ansehen
welcome-demo-busy = Demo wird erstellt
welcome-demo-text = Eine erfundene Welt mit Mails, Chats und Notizen. Nichts verlässt diesen Computer, und ein Klick entfernt sie.
welcome-connect-text = Bei einem Postfach anmelden; erste Mails sind in Sekunden da.
welcome-import = Importieren
welcome-import-text = Mail aus mbox-, .eml- oder Maildir-Dateien und aus WhatsApp exportierte Chats einlesen.

## Leser

conversation = Unterhaltung
reader-empty = Nichts geöffnet
reader-empty-open = Die markierte öffnen
reader-nothing-text = Hier wird eine Unterhaltung gelesen. In der Liste daneben ist keine.
reader-empty-text = Eine Unterhaltung wählen, oder { $key } und die Eingabetaste drücken.
reader-older = Ältere anzeigen
reader-earlier = Frühere Nachrichten laden
reader-earlier-loading = Frühere Nachrichten werden geladen
act-unread = Als ungelesen markieren
act-star = Stern setzen
act-unstar = Stern entfernen
act-mute = Stummschalten
act-unmute = Nicht mehr stumm
show-sent = Wie gesendet anzeigen
show-plain = Als reinen Text anzeigen
to-people = an { $people }
to-people-list = an { $people } · Liste { $list }
to-nobody = niemand
details-from = Von
details-to = An
details-copy = Kopie
details-date = Datum
details-size = Größe
confirmed = Domain bestätigt
confirmed-tip = Der eigene Mailserver bestätigt die Domain dieser Adresse
quoted-text = Zitierter Text
signature = Signatur
note-changed = geändert { $time }
note-changed-by = { $who }, geändert { $time }
todos = Aufgaben
todos-open = { $open } von { $count } Aufgaben offen
todo-unnamed = Ohne Text
page-pending = Der Inhalt dieser Seite wurde noch nicht geholt; er ist unterwegs.
page-older = Diese Seite wurde seit dem letzten Abruf geändert; ihr jetziger Inhalt ist unterwegs.
page-open = In { $platform } öffnen
message-deleted = Nachricht gelöscht
message-edited = bearbeitet
message-answer = Auf diese Nachricht antworten
chat-unread = Ungelesen
chat-answers = Zur beantworteten Nachricht von { $who }
chat-answers-earlier = Frühere Nachricht
# Wie weit eine eigene Chatnachricht gekommen ist.
receipt-sent = Gesendet
receipt-delivered = Zugestellt
receipt-read = Gelesen
receipt-failed = Nicht zugestellt
receipt-delayed = Verzögert
receipt-relayed = Weitergegeben
receipt-deleted = Ungelesen gelöscht
receipt-ask = Lesebestätigung erbitten
receipt-asked = { $who } möchte erfahren, dass Sie dies gelesen haben.
receipt-elsewhere = Die Antwort geht an { $address }; von dort kam die Mail nicht.
receipt-tell = Mitteilen
receipt-not-now = Jetzt nicht
receipt-told = Es wird mitgeteilt, dass Sie gelesen haben.
delivery-list = Was aus dieser Mail geworden ist
delivery-said = Der Server sagt: { $said }
delivery-again = Bearbeiten und erneut senden
chat-newest = Zu den neuesten
reactions = Reaktionen
reaction-add = Reagieren
reaction-choose = Reaktion wählen
reaction-with = Mit { $emoji } reagieren
reaction-by = { $emoji } von { $people }
reaction-by-many = { $emoji } { $count }, von { $people }
op-queued = Wartet auf den Versand
op-sending = Wird gesendet
op-unknown = Wird geprüft, ob es ankam
op-parked = Nicht gesendet
op-cancelled = Zurückgenommen
frame-title = Nachricht von { $who }
frame-quoted = Zitierter Text
frame-picture = Bild
frame-cut = Diese E-Mail ist sehr groß; ihr Ende wird hier nicht gezeigt.
frame-unknown = unbekanntem Absender
frame-taller = Höher
frame-shorter = Niedriger
images-blocked = { $count ->
    [one] { $count } Bild aus dem Netz wurde nicht geladen
   *[other] { $count } Bilder aus dem Netz wurden nicht geladen
}
images-load = Laden
images-always = Immer von { $sender }
images-always-done = Bilder von { $sender } werden ab jetzt geladen
images-loaded = Die Bilder sind geladen.
images-senders = Absender, deren Bilder immer geladen werden
images-senders-text = In einer ihrer Mails erlaubt, und nur für Mails, die Ihr Mailserver nicht anzweifelt. Tracker werden nie geladen.
images-senders-none = Noch keine. „Immer von …“ über einer Mail, deren Bilder zurückgehalten wurden, fügt ihren Absender hinzu.
images-never = In den Einstellungen ist das Laden ausgeschaltet.
trackers-blocked = { $count ->
    [one] { $count } Tracker blockiert
   *[other] { $count } Tracker blockiert
}

## Termine

meeting-request = Einladung
meeting-cancelled = Dieser Termin wurde abgesagt
meeting-reply = Antwort auf eine Einladung
meeting-notice = Termin
meeting-unnamed = Ohne Namen
meeting-outdated = Zu diesem Termin ist eine neuere Einladung gekommen; beantworten Sie diese.
meeting-over = Dieser Termin ist vorbei.
meeting-repeats = { $when } · wiederholt sich
meeting-there = { $when } bei der einladenden Person
meeting-organizer = Von { $name }
meeting-people = Mit { $people }
meeting-answer = Ihre Antwort
meeting-accept = Zusagen
meeting-tentative = Vielleicht
meeting-decline = Absagen
meeting-none = Hier ist keine Einladung, die sich beantworten ließe
meeting-accepted = Sie haben zugesagt.
meeting-maybe = Sie haben mit „Vielleicht“ geantwortet.
meeting-declined = Sie haben abgesagt.
meeting-theirs-accepted = { $name } hat zugesagt.
meeting-theirs-maybe = { $name } hat mit „Vielleicht“ geantwortet.
meeting-theirs-declined = { $name } hat abgesagt.
meeting-theirs-proposed = { $name } schlägt stattdessen diesen Zeitpunkt vor.
meeting-claimed = Nachricht zu einem Termin von jemand anderem
meeting-disputed-off = Sie sagt den Termin ab, kommt aber nicht von der Person, die eingeladen hat. Es hat sich nichts geändert.
meeting-disputed = Sie ändert den Termin, kommt aber nicht von der Person, die eingeladen hat. Es hat sich nichts geändert.
meeting-all-day = Ganztägig
meetings-today = Nächste Termine

type-image = Bild
type-audio = Ton
type-video = Video
type-pdf = PDF
type-calendar = Kalender
type-contact = Kontakt
type-mail = Mail
type-sheet = Tabelle
type-slides = Präsentation
type-document = Dokument
type-archive = Archiv
type-text = Text
type-other = Datei

files = Dateien
files-count = { $count ->
    [one] { $count } Datei, { $size }
   *[other] { $count } Dateien, { $size }
}
files-number = { $count ->
    [one] { $count } Datei
   *[other] { $count } Dateien
}
files-save-all = Alle speichern
files-saved = { $count ->
    [one] { $count } Datei gespeichert in { $path }
   *[other] { $count } Dateien gespeichert in { $path }
}
# Die erste der Dateien, die nicht gespeichert werden konnten, mit einem Satz dazu.
files-left-out = { $count ->
    [one] Eine Datei ließ sich nicht in { $path } speichern. { $first }
   *[other] { $count } Dateien ließen sich nicht in { $path } speichern. { $first }
}
# Was für eine Datei es ist, und ihre Größe.
file-about = { $type } · { $size }
file-risky = { $about } · könnte ein Programm ausführen
file-elsewhere = { $about } · im Browser
file-coming = Wird geholt
file-coming-part = { $done } von { $size }
file-save = { $name } speichern
file-open = { $name } öffnen
file-show = { $name } ansehen
file-browse = { $name } im Browser öffnen, bei { $host }
file-handed = { $name } ging an den Browser
file-opened = { $name } wird geöffnet
file-saved = Gespeichert als { $path }
file-ask-open = Datei öffnen, die ein Programm ausführen kann?
file-ask-save = Datei speichern, die ein Programm ausführen kann?
file-ask-text = { $name } kann beim Öffnen ein Programm auf diesem Computer ausführen. Nur fortfahren, wenn die Datei von diesem Absender erwartet wurde.
file-ask-no-open = Nicht öffnen
file-ask-no-save = Nicht speichern
file-ask-yes-open = Öffnen
file-ask-yes-save = Speichern

later = Später senden
later-when = Wann gesendet wird
later-go = { $when } senden
later-no = Nicht später
sent-later = Wird gesendet: { $when }

format = Formatierung
format-switch = Formatierung ein oder aus
format-bold = Fett
format-italic = Kursiv
format-underline = Unterstrichen
format-bulletList = Liste
format-orderedList = Nummerierte Liste
format-blockquote = Zitat
format-code = Code
format-link = Link
format-clear = Formatierung entfernen
format-address = Adresse des Links
format-apply = Link setzen

file-arriving = { $name } wird gelesen
pasted-long = Das ist ein langer Text: Er geht als Datei mit.
pasted-refused = Dieser Text hat { $count } Zeichen; höchstens { $most } lassen sich hier einfügen. Fügen Sie einen Teil davon ein.
pasted-words = Das hat zu viel Formatierung, um hier gelesen zu werden: Nur die Wörter wurden eingefügt.
pasted-nothing = Das hat zu viel Formatierung, um hier gelesen zu werden; nichts davon wurde eingefügt. Kopieren Sie einen Teil davon.
recipients-more = { $count } weitere
recipients-fewer = Weniger zeigen
recipients-left-out = { $count ->
    [one] Ein Empfänger wurde weggelassen: Eine Nachricht geht an höchstens { $most }.
   *[other] { $count } Empfänger wurden weggelassen: Eine Nachricht geht an höchstens { $most }.
}
signature-remove = Signatur weglassen

# Signaturen und Vorlagen.
kept-signature = Signaturen
kept-signature-none = Dieses Konto hat noch keine Signatur.
kept-signature-new = Neue Signatur
kept-template = Vorlagen
kept-template-none = Einen Text einmal schreiben und wieder verwenden: Name, Datum und mehr werden eingesetzt.
kept-template-new = Neue Vorlage
kept-name = Name
kept-text = Text
kept-save = Behalten
kept-edit = { $name } bearbeiten
kept-saved = Behalten: { $name }
kept-removed = { $name } entfernt
kept-variables = Wird beim Verwenden eingesetzt: { $variables }

window-open = Sie können noch { $left } lang frei schreiben.
window-closed = Die letzte Nachricht der anderen Seite ist mehr als { $hours } Stunden alt: Jetzt geht nur eine genehmigte Vorlage.
window-unopened = Von dort kam noch keine Nachricht: Es geht nur eine genehmigte Vorlage.
window-choose = Vorlage wählen
window-cancel = Keine Vorlage
window-kept = Ihr Text bleibt erhalten. Senden können Sie ihn, sobald die andere Seite wieder schreibt:
window-template = Vorlage
window-none = Dieses Konto hat keine genehmigte Vorlage, die sich von hier senden lässt. Legen Sie eine im WhatsApp Manager von Meta an.
window-problem = Die Vorlagen lassen sich nicht laden: { $why }
window-blank = { $name } ({ $part })
window-file-image = Bild darüber wählen
window-file-video = Film darüber wählen
window-file-document = Dokument darüber wählen

choices = Auswahl
choices-switch = Antworten zur Auswahl anbieten
choices-about = Jede ist eine Schaltfläche unter Ihrer Nachricht.
choices-list-about = Sie öffnen sich als Liste unter Ihrer Nachricht.
choices-one = Antwort { $number }
choices-add = Antwort hinzufügen
choices-list = Schaltfläche, die die Liste öffnet

channel = Anderer Kanal
channel-instead = Stattdessen über { $platform } antworten
channel-instead-mail = Stattdessen eine Mail schreiben ({ $platform })
channel-ask = Bei { $platform } gibt es { $who } ({ $handle }): derselbe Name, eine andere Adresse. Ist es dieselbe Person?
channel-yes = Über { $platform } schreiben
channel-yes-mail = Eine Mail schreiben ({ $platform })
channel-no = Hier bleiben
file-ask-yes = Speichern

link-ask = Diesen Link öffnen?
link-refused = Dieser Link lässt sich nicht öffnen
link-goes = Er führt zu { $host }.
link-goes-written = Er führt zu { $host }, geschrieben { $written }.
link-sure = Ich kenne diese Adresse und will sie öffnen.
link-copy = Adresse kopieren
link-copied = Adresse kopiert
link-stay = Hier bleiben
link-open = Öffnen

## Dateien ansehen

preview = Vorschau
preview-place = { $at } von { $count }
preview-previous = Vorige Datei
preview-next = Nächste Datei
preview-larger = Größer
preview-smaller = Kleiner
preview-fit = Einpassen
preview-page = { $name }, Seite { $at } von { $count }
preview-broken = Diese Datei lässt sich hier nicht zeigen. In einem anderen Programm öffnen oder speichern.
preview-locked = Dieses PDF ist mit einem Passwort gesperrt. In einem anderen Programm öffnen und es dort eingeben.

## Quelltext einer Mail

source-title = Quelltext dieser Mail
source-cut = Zu sehen sind die ersten { $shown } von { $size }. Gespeichert ist alles da.
source-wrap = Lange Zeilen umbrechen
source-copy = Kopieren
source-copied = Quelltext kopiert
source-save = Als .eml speichern
details-source = Quelltext
details-source-show = Quelltext anzeigen

## Auf Papier

print-about = { $source } · { $count ->
    [one] { $count } Nachricht
   *[other] { $count } Nachrichten
}
print-newest = Die neuesten { $count } von { $total } Nachrichten. Wer mehr drucken möchte, zeigt vorher ältere an.
print-files = Dateien: { $names }

## Neue Notizseite

page-new = Neue Seite
page-section = Abschnitt
# Ein Abschnitt und das Notizbuch, in dem er steht.
page-section-in = { $section } ({ $source })
page-title = Titel
page-text = Text
page-hint = Eine Zeile, die mit „- [ ] “ beginnt, wird zur Aufgabe.
page-create = Seite anlegen
page-made = Seite angelegt
page-nowhere = Es ist kein Notizbuch verbunden, in das geschrieben werden kann.

## Inspektor

inspector = Person
inspector-close = Inspektor schließen
inspector-of = { $count ->
    [one] Eine Person in dieser Unterhaltung
   *[other] { $count } Personen in dieser Unterhaltung
}
inspector-empty = Hier steht, wer in der geöffneten Unterhaltung ist.
inspector-nobody = In dieser Unterhaltung ist sonst niemand.
person-maybe = Vielleicht dieselbe Person:
person-received = Empfangen
person-sent = Gesendet
person-first = Erster Kontakt
person-last = Letzter Kontakt
person-search = Nachrichten suchen
person-threads = Andere Unterhaltungen
person-threads-none = Keine anderen Unterhaltungen.
person-files = Geteilte Dateien
person-files-none = Noch keine Dateien.
person-file-tip = { $name }, { $size }
person-notes = Notizen mit diesem Namen
person-notes-none = In keiner Notiz steht dieser Name.
place-people = Personen
people-count = { $count ->
    [one] 1 Person
   *[other] { NUMBER($count) } Personen
  }
people-find = Jemanden suchen
people-more = Mehr zeigen (noch { $count })
people-empty = Noch niemand
people-empty-text = Hier steht, wem Sie schreiben und wer Ihnen schreibt, sobald es eine Nachricht gibt.
people-none = Niemand mit diesem Namen
people-everybody = Alle zeigen
people-none-text = Versuchen Sie es mit dem Anfang eines Namens, einer Adresse oder einer Nummer.
people-one = Person
people-back = Zurück zu allen
person-conversations = Unterhaltungen
person-conversations-none = Keine Unterhaltungen.
person-answers = Antwortet Ihnen
person-answered = Sie antworten
person-within = meist höchstens { $time } später
person-habit-of = { $count ->
    [one] Aus 1 Antwort zwischen Ihnen beiden
   *[other] Aus { NUMBER($count) } Antworten zwischen Ihnen beiden
  }
person-why-name = Gleicher Name
person-why-company = Gleicher Name, gleiche Firma
person-why-signature = Die Adresse steht in der Signatur
person-why-phone = Die Nummer steht in der Signatur
person-why-signs = Signiert mit einer Adresse oder Nummer dieser Person
person-why-card = auf derselben Karte Ihres Adressbuchs
person-vip = Ihnen wichtig
person-beside = Auch in Ihrem Adressbuch: { $handles }
person-open-mine = Von Ihnen erwartet
person-open-theirs = Von dieser Person erwartet
person-meetings = Nächste Termine
person-join = Dieselbe Person
person-join-label = { $other } ist dieselbe Person
person-apart = Jemand anderes
person-apart-label = { $other } ist jemand anderes
person-joined = { $other } gehört jetzt zu dieser Person
person-kept-apart = { $other } ist jemand anderes
person-part = { $other } abtrennen
person-parted = { $other } ist wieder eine eigene Person

## Schreiben

write = Schreiben
answer = Antwort
compose-close = Schließen, Entwurf behalten
compose-elsewhere = Diese Antwort ist im Schreibfenster geöffnet.
compose-reply-all = Allen antworten
compose-larger = In größerem Fenster schreiben
cannot-send = Über { $source } ({ $platform }) kann Inlet nicht senden, nur lesen.
cannot-send-kept = Das ist ausgeschaltet; was davon aufbewahrt wurde, lässt sich lesen und finden. Um hier zu schreiben, schalten Sie es auf der Karte des Kontos wieder ein.

# Die Zeile über dem Text: was geschrieben wird, an wen, worüber und von welchem Konto.
heading-note = Zu { $page } in { $platform } hinzufügen
heading-start = Nachricht über { $platform }
heading-chat = Antwort an { $whom } über { $platform }
heading-group = Nachricht an { $whom } über { $platform }
heading-forward = Weiterleiten
heading-forward-from = Weiterleiten von { $from }
heading-forward-to = Weiterleiten an { $to }
heading-forward-from-to = Weiterleiten von { $from } an { $to }
heading-reply = Antwort per Mail
heading-reply-from = Antwort per Mail von { $from }
heading-reply-to = Antwort an { $to } per Mail
heading-reply-from-to = Antwort an { $to } per Mail von { $from }
heading-mail = Mail
heading-mail-from = Mail von { $from }
heading-mail-to = Mail an { $to }
heading-mail-from-to = Mail von { $from } an { $to }
this-page = dieser Seite
this-chat = diesen Chat
the-author = den Absender

field-from = Von
field-to = An
field-cc = Cc
field-bcc = Bcc
field-cc-bcc = Cc, Bcc
field-subject = Betreff
field-number = An die Nummer
recipients-all = Lieber allen antworten
recipients-author = Nur dem Absender
recipients-history = Bisherige Empfänger
recipient-wrong = keine Adresse
recipient-new = erstes Mal
remove = { $what } entfernen

text-message = Nachricht
text-note = Neuer Text
placeholder-note = Zu dieser Seite hinzufügen
placeholder-answer = Antwort schreiben
placeholder-message = Nachricht schreiben
quote-forwarded = Weitergeleitete Nachricht
quote-along = Mitsenden

send = Senden
append = Anfügen
sending = Wird gesendet …
attach-most = Datei anhängen, höchstens { $size }
attach-files = Dateien zum Anhängen
attached-files = Angehängte Dateien
# Wie viel vom Erlaubten die angehängten Dateien brauchen.
attached-of = { $size } von höchstens { $limit }
pasted-file = eingefügt
new-line-hint = { $keys } für eine neue Zeile
discard = Entwurf verwerfen
discarded = Entwurf verworfen
draft-unsaved = Noch nicht gespeichert
draft-saving = Wird gespeichert …
draft-saved = Entwurf gespeichert
draft-failed = Nicht gespeichert
draft-problem = Dieser Entwurf ist noch nicht gespeichert. { $why }
draft-elsewhere = Dieser Entwurf wurde in einem anderen Programm geändert oder entfernt. Was hier steht, bleibt als eigener Entwurf erhalten.
draft-newer = Den anderen zeigen
draft-begun = Entwurf aus einem anderen Programm:
draft-go-on = Weiterschreiben
forward-problem = Nicht jede Datei der weitergeleiteten Mail konnte mitgenommen werden. { $why }
forward-again = { $problem } Noch einmal senden, um ohne sie zu senden.
sent-outbox = Liegt im Postausgang
added-outbox = Liegt im Postausgang

missing-text = Erst etwas schreiben.
missing-address = „{ $recipient }“ ist keine Mailadresse. Berichtigen oder entfernen.
missing-number = Der Empfänger fehlt: die Nummer mit der Landesvorwahl eingeben.
missing-recipient = Der Empfänger fehlt: bei An eine Adresse eingeben.
file-unreadable = { $name } konnte nicht gelesen werden. Ist es ein Ordner, oder wurde die Datei verschoben?
file-refused = Hier können keine Dateien gesendet werden.
file-too-large = { $name } hat { $size }; höchstens { $limit } gehen hier. Stattdessen einen Link darauf teilen.
files-too-large = Zusammen wären das { $size }; höchstens { $limit } gehen hier. Eine Datei entfernen oder zwei Nachrichten senden.

ask = Vor dem Senden
ask-attachment = Im Text ist von einem Anhang die Rede, aber keine Datei ist angehängt.
ask-attachment-instead = Datei anhängen
ask-many = { $count ->
    [one] Das geht an { $count } Person.
   *[other] Das geht an { $count } Personen.
}
ask-many-instead = Nur an { $what }
ask-many-yes = An alle { $count } senden
ask-account = Geschrieben wurde an { $what }, gesendet wird von einem anderen Konto.
ask-account-instead = Von { $what } senden
ask-stranger = An { $what } ging noch nie eine Mail, auch an niemanden sonst dort. Stimmt die Adresse?
ask-variable = Noch nicht alles ist ausgefüllt: { $what }
ask-variable-instead = Ausfüllen
ask-subject = Diese Mail hat keinen Betreff.
ask-subject-instead = Betreff schreiben
ask-empty = Diese Nachricht ist leer.
ask-yes = Trotzdem senden
ask-no = Weiterschreiben

## Entwürfe

drafts-text = Geschrieben und noch nicht gesendet. Beim Tippen wird alles gespeichert.
drafts-empty = Keine Entwürfe
drafts-empty-text = Angefangenes bleibt hier, bis es gesendet ist.
drafts-compose = Mail schreiben
drafts-nobody = Noch niemand
drafts-nothing = Noch nichts geschrieben
drafts-changed = Anderswo geändert, beide sind da
drafts-begun = Aus einem anderen Programm
# Für Bildschirmleser, vor den Empfängern.
drafts-source = { $source }:
drafts-discard = Entwurf an { $to } verwerfen

## Postausgang

outbox-text = Alles, was noch hinausgeht: Nachrichten und Änderungen, von denen die Konten noch nichts wissen.
outbox-finished = Erledigtes zeigen
outbox-stuck = { $count ->
    [one] Ein Eintrag wartet auf eine Entscheidung.
   *[other] { $count } Einträge warten auf eine Entscheidung.
} Nichts ist verloren: noch einmal versuchen, ändern oder abbrechen.
outbox-empty = Nichts wartet
outbox-empty-text = Gesendetes und Geändertes steht hier, bis das Konto es bestätigt hat.
outbox-log = Versandprotokoll von { $title }
outbox-untried = Noch kein Versuch.
outbox-attempts = Versuche
outbox-key = Schlüssel:
outbox-retry = Wiederholen
outbox-edit = Bearbeiten
outbox-cancelled = Abgebrochen
outbox-cancelled-message = Abgebrochen. Das Geschriebene ist in den Entwürfen.
state-queued = Wartet
state-sending = Wird gesendet
state-under-way = Unterwegs
state-unknown = Wird geprüft
state-done = Erledigt
state-sent = Gesendet
state-parked = Aktion nötig
state-cancelled = Abgebrochen
change-send = Nachricht
change-flags = Geänderte Markierung
change-move = Verschieben
change-label = Label
change-expunge = Entfernen
change-draft = Entwurf auf dem Server
change-tick = Aufgabe
change-rsvp = Antwort auf eine Einladung
change-react = Reaktion
try-checking = Wird geprüft, ob es ankam
try-now = Neuer Versuch jetzt
try-soon = Neuer Versuch in { $seconds } s
# $when etwa „in 9 Min.“, $time etwa „14:05“.
try-later = Neuer Versuch { $when } ({ $time })
goes-now = Wird jetzt gesendet
goes-soon = Wird in { $seconds } s gesendet
goes-later = Wird { $when } gesendet ({ $time })
attempts = { $count ->
    [one] { $count } Versuch
   *[other] { $count } Versuche
}
# Wie ein Versuch ausging.
outcome-queued = wartet
outcome-done = Zugestellt
outcome-auth_needed = Anmeldung nötig
outcome-throttled = gedrosselt
outcome-offline = offline
outcome-transient = vorübergehend
outcome-cursor_expired = Stand abgelaufen
outcome-unknown = unklar
outcome-permanent = endgültig

## Konten

accounts-text = Woher Mails, Chats und Notizen kommen.
accounts-empty = Noch kein Konto
accounts-empty-text = Ein Postfach verbinden oder Mails aus Dateien holen.
accounts-import = Dateien importieren
accounts-files = Mail oder Chats in Dateien?
accounts-files-import = mbox, .eml, Maildir oder WhatsApp-Export importieren
account-demo = Die Demo-Welt. Nichts verlässt diesen Computer.
account-check = Prüfen
account-checking = Wird geprüft …
account-pause = Pausieren
account-resume = Fortsetzen
account-paused = { $account } ist pausiert
account-resumed = { $account } ruft wieder ab
account-password = Passwort ändern
account-remove = Entfernen
account-sources = Quellen von { $account }
source-heard = letzter Kontakt { $ago }
source-not-heard = noch kein Kontakt
source-next-try = nächster Versuch { $ago }
warned = { $platform } meldet ({ $at }): { $reason }
missed-time = von { $since } bis { $until }
missed-github = Inlet hat GitHub { $times } nicht gehört, und GitHub sendet von selbst nichts noch einmal. Öffnen Sie bei GitHub den Webhook, dann „Recent Deliveries“, und wählen Sie „Redeliver“ für das, was dort aus dieser Zeit steht.
missed-jira = Inlet hat Jira { $times } nicht gehört, länger, als Jira es noch einmal versucht. Sehen Sie dort nach, was in dieser Zeit geschah.
missed-seen = Ausblenden
unreadable = { $count ->
    [one] Etwas von { $platform } war nicht lesbar und wird nirgends gezeigt; es kam { $at }. { $reason } Alles andere geht weiter; sehen Sie dort nach, wenn Ihnen etwas fehlt.
   *[other] { $count } Dinge von { $platform } waren nicht lesbar und werden nirgends gezeigt; das neueste kam { $at }. { $reason } Alles andere geht weiter; sehen Sie dort nach, wenn Ihnen etwas fehlt.
}
unreadable-seen = Gesehen
source-kept = { $count } gespeichert
password-new = Neues Passwort oder App-Passwort
password-missing = Das neue Passwort eingeben.
save = Speichern
saving = Wird gespeichert …
remove-title = { $account } entfernen?
remove-text = { $count ->
    [one] Ein Eintrag
   *[other] { $count } Einträge
}, die Suche darin, Entwürfe und was im Postausgang dieses Kontos wartet, verschwinden von diesem Computer.
remove-demo = Ein Konto lässt sich jederzeit verbinden, und die Demo zurückholen.
remove-files = Die Dateien, aus denen gelesen wurde, bleiben, wo sie sind.
remove-mail = Auf dem Server wird nichts gelöscht, und das Passwort verlässt den Schlüsselbund.
remove-whatsapp = WhatsApp hält keine Kopie bereit, die sich noch einmal holen ließe: Was hier entfernt wird, gibt es nur noch auf Ihrem Telefon.
remove-no = Behalten
remove-yes = Entfernen
remove-busy = Wird entfernt …
removed = { $account } wurde von diesem Computer entfernt

## Verbinden

connect-text = Alles bleibt auf diesem Computer. Das Passwort geht in seinen Schlüsselbund und an den Mailserver, sonst nirgendwohin.
connect-done = Fertig
connect-steps = Schritte
step-choose = Wählen
step-sign-in = Anmelden
step-test = Testen
step-connect = Verbinden
step-numbered = { $number }. { $step }
connect-form = Mailkonto
connect-what = Was verbunden wird
connect-mail = Mail (IMAP)
connect-mail-text = Gmail, iCloud, Fastmail, Yahoo und jeder andere Mailserver
connect-google = Google
connect-google-text = Gmail und Google Workspace, mit der Anmeldung auf Googles eigener Seite
connect-microsoft = Microsoft
connect-microsoft-text = Outlook, Teams und OneNote, mit Anmeldung auf der Seite von Microsoft
connect-slack = Slack
connect-slack-text = Ein Workspace, mit einer dort selbst angelegten App
connect-files = Dateien
connect-files-text = mbox, .eml, Maildirs, WhatsApp-Exporte und Adressbücher auf diesem Computer
connect-testing = Verbindung wird getestet …
connect-works = Alles funktioniert. Verbinden, um die Mails abzurufen.
connect-test = Verbindung testen
connect-test-again = Noch einmal testen
connect = Verbinden
connecting = Wird verbunden …
connect-anyway = Trotzdem verbinden
check-lines = Verbindungstest
check-done = In Ordnung:
check-failed = Fehlgeschlagen:
about = Was Inlet mit einem Postfach tut
about-does = Was Inlet tut
about-does-fetch = Mails abrufen, die neuesten zuerst, und hier aufbewahren, damit sie auch offline da sind.
about-does-act = Senden, archivieren, verschieben, löschen und markieren; andere Mailprogramme sehen dasselbe.
about-does-search = Mails zusammen mit Chats und Notizen durchsuchen.
about-not = Was Inlet nicht tut
about-not-elsewhere = Nichts geht anderswohin als an den Mailserver.
about-not-calendar = Kalender und Adressbücher bleiben, wo sie sind.
about-needs = Was Inlet braucht
about-needs-password = Adresse und Passwort.
about-needs-app-password = Adresse und Passwort; Gmail, iCloud, Yahoo und Fastmail verlangen stattdessen ein App-Passwort.
about-needs-imap = Eingeschaltetes IMAP, was meist der Fall ist.
advice-how = So geht es
sign-in-address = Mailadresse
sign-in-password = Passwort
sign-in-app-password = Passwort oder App-Passwort
sign-in-hide = Passwort verbergen
sign-in-show = Passwort anzeigen
sign-in-name = Eigener Name
sign-in-name-hint = Den sehen die Empfänger. Darf leer bleiben.
sign-in-servers = Server und Anmeldung
sign-in-imap = IMAP-Server
sign-in-smtp = SMTP-Server
sign-in-smtp-hint = Leer lassen, um nur zu lesen.
sign-in-port = Port
sign-in-protection = Verschlüsselung
sign-in-user = Benutzername
sign-in-user-hint = Nur, wenn er nicht die Adresse ist.
sign-in-ca = Zertifizierungsstelle
sign-in-ca-hint = Pfad einer PEM-Datei, wenn das Zertifikat des Servers von einer eigenen Stelle kommt.
tls-implicit = TLS von Anfang an (üblich)
tls-starttls = STARTTLS
tls-loopback-plain = Keine (nur für einen Server auf diesem Computer)
fault-address = Die Mailadresse eingeben.
fault-address-part = Das ist keine ganze Mailadresse. Sie sieht aus wie name@example.org.
fault-password = Das Passwort eingeben, oder das App-Passwort vom Anbieter.
fault-imap = Den Namen des IMAP-Servers eingeben. Er steht in der Hilfe des Anbieters.
# $usual ist eine Portnummer.
fault-port = Ein Port ist eine Zahl von 1 bis 65535; üblich ist { $usual }.
fault-plain = Ohne TLS ist nur ein Server auf diesem Computer erlaubt: localhost oder 127.0.0.1.
arrived = { $account } ist verbunden
arrived-all = { $count ->
    [one] Eine Mail ist hier.
   *[other] Alle { $count } Mails sind hier.
}
arrived-some = Die neuesten Mails sind hier; der Rest folgt beim Lesen.
arrived-none = Die ersten Mails kommen.
arrived-items = { $count ->
    [one] Der einzige Eintrag ist da.
   *[other] Alle { $count } Einträge sind da.
}
arrived-items-some = Das Neueste ist da; der Rest kommt, während Sie lesen.
arrived-items-none = Das Erste ist unterwegs.
arrived-open = Posteingang öffnen

## Beim Anbieter anmelden

# $provider ist Google oder Microsoft.
waiting-browser = Im Browser bei { $provider } anmelden
waiting-device = Auf einem beliebigen Gerät bei { $provider } anmelden
waiting-browser-text = Die Seite hat sich gerade geöffnet. Nach der Anmeldung dort geht es hier von selbst weiter.
# $minutes sagt, wie lange der Code gilt.
waiting-device-text = Diese Seite öffnen und den Code binnen { $minutes } Minuten eingeben; hier geht es von selbst weiter.
waiting-open = Seite öffnen
waiting-code = Stattdessen einen Code verwenden
waiting-cancel = Abbrechen
client-id = Client-ID
client-id-missing = Die Client-ID der eigenen Registrierung eingeben; die Anleitung sagt, woher sie kommt.
client-secret = Clientschlüssel
client-secret-hint = Google gibt ihn zusammen mit der Client-ID einer Desktop-App aus. Er wird bei den Passwörtern aufbewahrt.
authorize-url = Seite für die Anmeldung
token-url = Adresse für Token
google-form = Google-Konto
google-registration = Google lässt nur registrierte Apps Mails lesen, und Inlet hat noch keine Registrierung; deshalb braucht es eine selbst gemachte. Ein App-Passwort unter Mail (IMAP) kommt ohne aus.
provider-guide = So geht die Registrierung
google-address-hint = Nur, wenn sie nicht die ist, die sich anmeldet.
google-sign-in = Bei Google anmelden
sign-in-again = Noch einmal anmelden
google-beginning = Verbindung mit Google …
provider-works = Alles funktioniert.
about-google = Was Inlet mit einem Google-Konto tut
about-google-mail = Mails über IMAP und SMTP lesen und senden, die neuesten zuerst, und hier aufbewahren.
about-google-password = Das Passwort bekommt Inlet nie zu sehen; danach fragt Googles Seite.
about-google-elsewhere = Kein Drive, keine Kontakte: Gefragt wird nur nach Mails.
about-google-registration = Eine Registrierung als Desktop-App bei Google: Client-ID und Clientschlüssel.
about-google-consent = Die Zustimmung auf Googles Seite; sie lässt sich im Google-Konto widerrufen.
about-google-workspace = In einem Workspace muss die App vielleicht erst von der Administration erlaubt werden.
sign-in-code = Mit einem Code anmelden
microsoft-form = Microsoft-Konto
microsoft-registration = Microsoft lässt nur registrierte Programme zu, und Inlet hat noch keine eigene Registrierung. Es braucht deshalb eine von Ihnen: kostenlos und in fünf Minuten angelegt.
microsoft-sign-in = Bei Microsoft anmelden
microsoft-beginning = Verbindung mit Microsoft…
microsoft-advanced = Organisation, Cloud und Adressen
microsoft-tenant = Organisation (Mandant)
microsoft-tenant-hint = „common“ lässt alle zu, „organizations“ Geschäfts- und Schulkonten, „consumers“ persönliche Konten; sonst die Domain oder Kennung einer Organisation.
microsoft-host = Seite für die Anmeldung
microsoft-host-hint = Andere Clouds haben eine andere, etwa https://login.microsoftonline.us.
microsoft-api-root = Adresse von Graph
microsoft-api-root-hint = Ergibt sich aus der Seite für die Anmeldung; nur die Cloud des US-Verteidigungsministeriums muss genannt werden.
switch-on = Was eingeschaltet wird
switch-on-missing = Schalten Sie mindestens eines ein.
asks-outlook = Möchte Ihre E-Mails lesen, ändern und senden sowie Ihre Postfacheinstellungen (für die Kategorien) und Ihren Kalender (um Einladungen zu beantworten) lesen und ändern.
asks-teams = Möchte Ihre Chats lesen und darin schreiben. Nur für Geschäfts- und Schulkonten.
asks-onenote = Möchte Ihre Notizbücher lesen und darin schreiben.
channels = Kanäle Ihrer Teams
asks-channels = Möchte Ihre Teams, deren Kanäle und die Beiträge darin lesen und dort schreiben.
consent-you = Sie stimmen selbst zu, sofern Ihre Organisation das nicht den Administratoren vorbehält.
consent-administrator = Ein Administrator Ihrer Organisation muss zustimmen.
remedy-tenant = Organisation berichtigen
remedy-registration = Registrierung berichtigen
remedy-administrator = Seite für den Administrator kopieren
administrator-copied = Kopiert. Schicken Sie die Adresse Ihrem Administrator und melden Sie sich nach dessen Zustimmung erneut an.
about-microsoft = Was Inlet mit einem Microsoft-Konto tut
about-microsoft-fetch = Holt, was Sie einschalten, das Neueste zuerst, und bewahrt es hier auf, damit es auch offline da ist.
about-microsoft-act = Sendet und antwortet, ordnet ein und markiert; Ihre anderen Programme sehen dasselbe.
about-microsoft-search = Durchsucht E-Mails, Chats und Notizen zusammen.
about-microsoft-password = Es sieht nie Ihr Passwort; danach fragt die Seite von Microsoft.
about-microsoft-teams = Teams wird nur gefragt, während Sie hinsehen, weil Microsoft nicht mehr erlaubt; eine Einstellung ändert das.
about-microsoft-elsewhere = Kein OneDrive, keine Kontakte, kein Postfach anderer Leute.
about-microsoft-registration = Eine Registrierung bei Microsoft: deren Client-ID. Ein Geheimnis gibt es nicht.
about-microsoft-consent = Ihre Zustimmung auf der Seite von Microsoft, nur für das, was eingeschaltet ist; Sie können sie in Ihrem Microsoft-Konto zurücknehmen.
about-microsoft-administrator = In vielen Organisationen muss ein Administrator einmal für alle zustimmen.
switches = Was von { $account } eingeschaltet ist
switch-last = Das Einzige; halten Sie stattdessen das Konto an oder entfernen Sie es.
channels-off-title = Die Kanäle von { $account } ausschalten?
channels-off-text = Ihre Chats bleiben. Was aus Kanälen geholt wurde, kann zum Lesen und Suchen bleiben oder von diesem Computer verschwinden.
channels-are-off = Die Kanäle von { $account } sind ausgeschaltet
channels-forget-title = Entfernen, was von den Kanälen aus { $account } übrig ist?
channels-are-kept = Die Kanäle von { $account } sind ausgeschaltet; was davon hier ist, bleibt
channels-are-forgotten = Was von den Kanälen aus { $account } übrig war, ist von diesem Computer entfernt
channels-on-title = Auch Kanäle lesen
switch-forget = Entfernen, was davon übrig ist
switch-on-title = { $source } einschalten
switched-on = { $source } von { $account } ist eingeschaltet
switch-off-title = { $source } von { $account } ausschalten?
switch-forget-title = Entfernen, was von { $source } aus { $account } übrig ist?
switch-off-text = { $count ->
    [0] Davon ist hier noch nichts.
    [one] Davon liegt ein Eintrag auf diesem Computer. Er kann zum Lesen und Suchen bleiben oder samt Entwürfen und allem, was im Ausgang wartet, verschwinden.
   *[other] Davon liegen { $count } Einträge auf diesem Computer. Sie können zum Lesen und Suchen bleiben oder samt Entwürfen und allem, was im Ausgang wartet, verschwinden.
}
switch-off-server = Bei Microsoft wird nichts gelöscht, und es lässt sich wieder einschalten.
switch-off-no = Eingeschaltet lassen
switch-off-keep = Ausschalten, Vorhandenes behalten
switch-off-remove = Von diesem Computer entfernen
switched-off = { $source } von { $account } ist ausgeschaltet, und was davon hier war, ist entfernt
switched-off-kept = { $source } von { $account } ist ausgeschaltet; was davon hier ist, bleibt
switched-off-forgotten = Was von { $source } aus { $account } übrig war, ist von diesem Computer entfernt

connect-github = GitHub
connect-github-text = Was Sie in einem Repository oder einer Organisation betrifft, über einen Webhook
connect-jira = Jira
connect-jira-text = Was Sie auf einer Site betrifft, über einen Webhook
hook-form = { $platform } verbinden
hook-login = Ihr Anmeldename
hook-login-hint = Ohne das @.
hook-account = Ihre Konto-ID
hook-account-hint = Sie steht am Ende der Adresse Ihres Profils. Auf einem eigenen Server: Ihr Benutzername.
hook-url = Adresse Ihres Tunnels
hook-url-hint = Er muss zu { $listen } auf diesem Computer führen.
hook-secret = Geheimnis
hook-secret-hint = Geben Sie es auch bei { $platform } ein: Damit wird jedes Ereignis signiert.
hook-there = Legen Sie bei { $platform } einen Webhook mit diesem Geheimnis an, im Format JSON, der an { $address } sendet.
hook-guide = Welche Ereignisse nötig sind
hook-works = Die Angaben sind vollständig. Nach dem Verbinden prüft „Prüfen“ bei den Konten, ob Ereignisse von { $platform } ankommen können.
about-hook = Was Inlet mit diesen Ereignissen macht
about-hook-tells = Meldet, wenn Sie um ein Review gebeten, zugewiesen oder erwähnt werden, und was zu Ihrem gesagt wird.
about-hook-threads = Führt eine Unterhaltung je Vorgang oder Pull Request, mit dem Link dorthin.
about-hook-writes = Inlet schreibt dort nichts: Sie antworten über den Link.
about-hook-past = Was vorher war, oder während Inlet geschlossen war, kommt womöglich nicht; ein Relais von Ihnen bewahrt auf, was inzwischen geschieht.
about-hook-webhook = Ein Webhook, den Sie oder ein Administrator dort anlegen.
remove-hook = Dort bleibt alles. Löschen Sie auch den Webhook dort.

connect-channel = Kanal
connect-channel-text = Sendet nur: Slack-Webhook, Telegram, signierter Webhook oder E-Mail an eine Adresse
channel-form = Einen Kanal verbinden
channel-kind = Art des Kanals
channel-webhook = Signierter Webhook
channel-webhook-text = Eine beliebige Webadresse, signiert nach Standard Webhooks.
channel-slack_webhook = Slack-Webhook
channel-slack_webhook-text = Schreibt in einen Kanal eines Workspace, ohne Anmeldung dort.
channel-telegram = Telegram-Bot
channel-telegram-text = Schreibt in einen Chat, in dem der Bot ist.
channel-smtp = E-Mail
channel-smtp-text = Schreibt über einen Postausgangsserver an eine Adresse.
channel-missing = Bitte ausfüllen.
channel-number = Bitte eine ganze Zahl eingeben.
channel-kept = Leer lassen, um das Gespeicherte zu behalten.
channel-url = Adresse
channel-url-hint = Sie beginnt mit https://. Ein Server auf diesem Computer ist über http://127.0.0.1 erreichbar.
channel-key = Signaturschlüssel
channel-key-hint = Hinterlegen Sie ihn zuerst beim Empfänger: Daran erkennt er unsere Nachrichten.
channel-address = Webhook-URL
channel-address-hint = In Ihrer App auf api.slack.com/apps unter Incoming Webhooks. Wer sie hat, kann dort schreiben.
channel-token = Token des Bots
channel-token-hint = @BotFather nennt es beim Anlegen eines Bots.
channel-chat = Chat
channel-chat-hint = Die ID des Chats oder der @Name eines öffentlichen Kanals. Der Bot muss darin sein.
channel-from = Absenderadresse
channel-to = Empfängeradresse
channel-host = Postausgangsserver
channel-port = Port
channel-password = Passwort
channel-more = Name und Grenzen
channel-name = Bezeichnung
channel-most = Höchstens so viele Nachrichten in der Minute
channel-most-hint = Leer: so viele, wie die Plattform annimmt.
channel-root = Basisadresse der Bot API
channel-tls = Verschlüsselung
channel-user = Anmeldename, falls er nicht die Absenderadresse ist
channel-ca = Zusätzlich vertraute Zertifizierungsstelle (PEM-Datei)
channel-works = Die Testnachricht wurde angenommen: Sehen Sie nach, ob sie angekommen ist.
channel-change = Einstellungen ändern
channel-log = Zustellprotokoll
channel-log-empty = Hierüber wurde noch nichts gesendet.
channel-last = zuletzt zugestellt { $ago }
channel-never = noch nichts zugestellt
channel-none = Keiner
delivery-queued = Wartet
delivery-sent = Gesendet
delivery-delivered = Zugestellt
delivery-read = Gelesen
delivery-gathered = Mit anderem in einer Nachricht gemeldet
delivery-failed = Fehlgeschlagen
delivery-cancelled = Zurückgenommen
arrived-channel = Regeln und Benachrichtigungen können jetzt dorthin gehen.
arrived-accounts = Konten anzeigen
about-channel = Was Inlet mit einem Kanal macht
about-channel-tells = Sendet Benachrichtigungen dorthin, wie Ihre Einstellungen und Regeln es sagen, und sonst nichts.
about-channel-test = Sendet ein paar Worte, wenn Sie ihn testen.
about-channel-log = Führt Protokoll über jede Nachricht: wartet, gesendet, zugestellt oder fehlgeschlagen.
about-channel-reads = Inlet liest dort nichts, und Antworten von dort kommen nicht hierher.
about-channel-twice = Nichts wird zweimal gesendet, weil eine Antwort verloren ging, außer der Empfänger kann das erkennen.
about-channel-secret = Was zum Senden dorthin nötig ist; es liegt in Ihrem Schlüsselbund.
about-channel-address = Eine Adresse im Internet oder auf diesem Computer; keine in Ihrem Netz.
remove-channel = Was darüber gesendet wurde, bleibt, wo es ist; das Protokoll wird gelöscht.

connect-whatsapp = WhatsApp Business
connect-whatsapp-text = Eine Nummer eines Geschäftskontos, über die Cloud API von Meta
whatsapp-form = WhatsApp-Nummer verbinden
whatsapp-missing = Übernehmen Sie das von den Seiten von Meta.
whatsapp-number = ID der Telefonnummer
whatsapp-number-hint = In Ihrer Meta-App unter WhatsApp, API-Einrichtung. Gemeint ist die ID, nicht die Nummer selbst.
whatsapp-business = ID des WhatsApp-Business-Kontos
whatsapp-token = Zugriffsschlüssel
whatsapp-token-hint = Der eines Systembenutzers mit den Rechten whatsapp_business_messaging und whatsapp_business_management.
whatsapp-secret = App-Geheimnis
whatsapp-secret-hint = In Ihrer Meta-App unter App-Einstellungen, Allgemeines. Damit signiert Meta jede Nachricht.
whatsapp-url = Adresse Ihres Tunnels
whatsapp-url-hint = Er muss zu { $listen } auf diesem Rechner führen. Inlet sagt Meta, dass es dorthin senden soll; sonst tragen Sie die Adresse in Ihrer Meta-App ein.
whatsapp-more = Wo Inlet empfängt
whatsapp-listen = Adresse auf diesem Rechner
whatsapp-root = Wurzel der API
whatsapp-works = Schlüssel und Nummer stimmen. Ob Nachrichten ankommen, sagt nach dem Verbinden „Prüfen“ bei den Konten.
account-relay = Relais
relay-form = Ein Relais für dieses Konto
relay-text = Ein Relais ist ein Programm auf einem Rechner von Ihnen, der immer läuft. Es bewahrt Nachrichten für Ihre Computer versiegelt auf, bis jeder sie gelesen hat. Ohne Relais genügt ein Tunnel zu diesem Computer.
relay-piece = Für die Datei des Relais, von diesem Computer
relay-copy = Kopieren
relay-copied = Kopiert.
relay-nats = Adresse seines NATS
relay-nats-hint = Sie beginnt mit tls://, auf diesem Computer mit nats://.
relay-nats-missing = Geben Sie an, wo das NATS des Relais ist.
relay-login = Anmeldung bei NATS
relay-login-hint = Name und Kennwort mit einem Doppelpunkt dazwischen, ein Token, ein Schlüssel oder der Text einer Credentials-Datei. Bleibt das Feld leer, gilt die bisherige Anmeldung.
relay-url = Adresse, unter der das Relais empfängt
relay-url-hint = Inlet sagt Meta, dass es dorthin senden soll.
relay-url-hook = Ändern Sie bei { $platform } die Adresse des Webhooks in { $address }.
relay-connect = Von diesem Relais lesen
relay-connecting = Wird versucht …
relay-off = Kein Relais mehr lesen
relay-ending = Der Rest wird geholt …
relay-leave = Zurücklassen, was dort liegt, und nicht mehr lesen
about-whatsapp = Was Inlet mit einer WhatsApp-Nummer macht
about-whatsapp-receives = Empfängt Nachrichten, Dateien, Reaktionen und Lesebestätigungen auf diesem Rechner, jede an ihrer Signatur geprüft.
about-whatsapp-sends = Sendet Texte, Dateien und Antworten, nach 24 Stunden Vorlagen.
about-whatsapp-private = Ein privates WhatsApp lässt sich nicht verbinden: Es hat keine Schnittstelle für andere Programme.
about-whatsapp-late = Nachrichten aus der Zeit vor dem Verbinden kommen nicht.
about-whatsapp-app = Eine eigene App bei Meta, in der WhatsApp eingerichtet ist.
about-whatsapp-token = Der Zugriffsschlüssel eines Systembenutzers und das Geheimnis der App.
about-whatsapp-tunnel = Ein Tunnel zu diesem Rechner, etwa von Cloudflare oder Tailscale; kein Server.

account-signing-in = Anmeldung läuft …
account-registration = Registrierung
correct-title = Organisation und Registrierung von { $account }
correct-text = Sie gelten, sobald dieselbe Person sich damit angemeldet hat; bis dahin bleibt alles, wie es ist.
account-signed-in = { $account } ist angemeldet

## Slack

slack-form = Slack-Workspace
slack-app = Slack lässt nur eine eigene App so schnell lesen, wie Menschen schreiben. Sie wird einmal im Workspace angelegt; ihre Token werden hier eingefügt.
slack-guide = So legen Sie sie an
slack-page = Bei Slack anmelden
slack-client-id-hint = Die Ihrer App, in der PKCE eingeschaltet ist und http://localhost:47113 als Redirect-URL steht; die Anleitung sagt, wie.
slack-sign-in = Mit Slack anmelden
slack-paste = Oder die Tokens Ihrer App einfügen
slack-app-token-missing = Fügen Sie das App-Level-Token Ihrer App ein.
slack-token = Benutzer-Token
slack-token-hint = Das „User OAuth Token“ Ihrer App; es beginnt mit xoxp-. Es wird im Schlüsselbund aufbewahrt.
slack-token-kept = Leer lassen, um das vorhandene zu behalten.
slack-token-missing = Fügen Sie das „User OAuth Token“ Ihrer App ein.
slack-token-other = Das ist ein anderes Token: Dieses beginnt mit xoxp-.
slack-app-token = App-Token (freiwillig)
slack-app-token-hint = Beginnt mit xapp-. Damit kommen Neuigkeiten sofort; ohne fragt Inlet alle paar Minuten.
slack-app-token-other = Das ist ein anderes Token: Dieses beginnt mit xapp-.
slack-more = Ein anderes Slack
slack-root = Adresse der Schnittstelle
slack-root-hint = Nur für Workspaces von Behörden: https://slack-gov.com/api
slack-connect = Workspace verbinden
slack-connecting = Workspace wird verbunden …
slack-works = Alles funktioniert.
about-slack = Was Inlet mit einem Slack-Workspace tut
about-slack-reads = Kanäle, private Kanäle, Direkt- und Gruppennachrichten lesen, in denen Sie sind, mit Threads, Dateien und Reaktionen.
about-slack-writes = In Unterhaltungen und Threads in Ihrem Namen antworten, Dateien senden und als gelesen markieren.
about-slack-reactions = Es ändert keine Kanäle.
about-slack-threads = Ohne das App-Token übersieht es Antworten in alten Threads.
about-slack-app = Eine App, die Sie auf api.slack.com/apps anlegen; die Anleitung hat ihre Einstellungen zum Einfügen.
about-slack-live = Für Neuigkeiten sofort zusätzlich ein App-Token.
about-slack-admin = In vielen Workspaces muss die Administration die App freigeben.
account-tokens = Token ändern

## Importieren

import-title = Dateien importieren
import-text = mbox-Dateien, .eml-Dateien, Maildirs, aus WhatsApp exportierte Chats (.txt oder .zip) oder Ordner davon. Sie werden gelesen und nie geändert.
import-paths = Dateien oder Ordner, ein Pfad je Zeile
import-missing = Den Pfad einer Datei oder eines Ordners eingeben.
import-name = Name
import-name-usual = Importiert
import-chats = Für Chats, die aus WhatsApp exportiert wurden
import-me = Ihr Name darin
import-me-hint = Nur wenn Inlet nicht erkennt, welcher der Namen Ihrer ist.
import-dates = Schreibweise der Daten
import-dates-hint = Nur wenn Inlet sagt, dass es sie nicht erkennen konnte.
import-dates-found = Herausfinden
import-dates-day = Tag, Monat, Jahr
import-dates-month = Monat, Tag, Jahr
import-dates-year = Jahr, Monat, Tag
import-reading = Wird gelesen …
import-start = Importieren
import-done = { $account }: { $count ->
    [one] Ein Eintrag ist hier.
   *[other] { $count } Einträge sind hier.
}
import-contacts-done = Adressbuch gelesen: { $added } neu, { $changed } geändert, { $known } schon bekannt.
import-contacts-skipped = { $count ->
    [one] Eine Karte konnte nicht gelesen werden:
   *[other] { $count } Karten konnten nicht gelesen werden:
}
import-people = Personen zeigen
import-show = Anzeigen

## Meldungen für Bildschirmleser

toasts = Meldungen

## Einstellungen

settings = Einstellungen
settings-find = Einstellungen durchsuchen
settings-sections = Bereiche
settings-accounts = Konten öffnen
settings-notices = Verlauf öffnen und Quellen wählen
settings-found = { $count ->
    [0] Keine Einstellung passt. Ein anderes Wort hilft vielleicht.
    [one] In { $count } Bereich gefunden
   *[other] In { $count } Bereichen gefunden
}
setting-reset = Zurücksetzen
setting-reset-name = Zurücksetzen: { $setting }
# $setting ist ein technischer Name.
setting-fixed = { $setting } ist außerhalb des Fensters festgelegt und lässt sich hier nicht ändern.
setting-number = Eine ganze Zahl von { $least } bis { $most } eingeben.
origin-default = Standard
origin-file = Geändert, steht in config.toml
origin-environment = Durch { $variable } in der Umgebung festgelegt; hier nicht änderbar.
origin-flag = Beim Start von Inlet angegeben; hier nicht änderbar.

section-accounts = Konten und Zustand
section-accounts-text = Womit Sie angemeldet sind, wie es jeder Quelle geht und wie oft sie gefragt wird.
section-inbox = Posteingang und Reiter
section-inbox-text = Reiter über der Liste und Suchen in der Seitenleiste, ganz nach Wunsch.
section-rules = Regeln
section-rules-text = Was mit Eingehendem von selbst geschieht, der Reihe nach von oben.
section-actions = Nächste Schritte
languages-read = Bitten, Zusagen und Termine werden auf Deutsch, Englisch, Französisch, Spanisch, Portugiesisch, Italienisch und Niederländisch erkannt. In anderen Sprachen werden nur Fragezeichen erkannt.
section-actions-text = Was unter „Heute“ und „Wartet auf Antwort“ vorgeschlagen wird, wie viel jede Regel zählt und was gelernt wurde. Alles wird auf diesem Computer berechnet.
section-composing = Schreiben
section-composing-text = Verfassen und Senden.
section-index = Suche und Index
section-index-text = Was von jeder Quelle gefunden wird, und den Index neu aufbauen.
section-notifications = Benachrichtigungen und Infobereich
section-notifications-text = Was gemeldet wird, wann und wie laut; der Infobereich und der Start des Computers.
section-privacy = Datenschutz
section-privacy-text = Was diesen Computer verlassen darf und wer hineinsehen darf: die Sperre und ihre Passphrase.
section-appearance = Darstellung
section-appearance-text = Farben, Größen, Bereiche und Sprache.
section-keyboard = Tastatur
section-keyboard-text = Tasten und Kürzel: eine Belegung als Anfang und eigene Tasten.
section-data = Daten
section-data-text = Der Ordner, in dem alles liegt, wie lange es dort bleibt, der Export in Dateien, Sicherung und Prüfung.
section-automation = Verbindungen und Automatik
section-automation-text = Wohin Inlet etwas melden kann, wer Inlet etwas meldet und worum andere Programme bitten dürfen.
section-diagnostics = Diagnose
section-diagnostics-text = Tempo, Zahlen und ein Bericht für alle, die einem Problem nachgehen.
section-about = Über Inlet und Lizenzen
section-about-text = Woraus Inlet besteht und wessen Arbeit das ist.
about-version = Inlet { $version }
about-text = Inlet ist freie Software unter der MIT-Lizenz oder der Apache-Lizenz 2.0, ganz nach Wahl. Es steht auf der Arbeit vieler anderer; was davon mit Inlet ausgeliefert wird, steht hier, jeder Teil mit seiner eigenen Lizenz.
automation-connectors = Kanäle und Hooks
automation-connectors-text = Benachrichtigungen können an einen Kanal gehen. GitHub und Jira melden sich über ihre Webhooks.
automation-none = Es ist nichts verbunden.
automation-connect = Etwas verbinden
automation-programs = Andere Programme
automation-programs-text = Ein Skript liest, sucht und schlägt vor mit dem Programm „inlet“ in einem Terminal. Was es vorschlägt, wartet unter „Heute“ auf Ihr Wort; vorher geschieht nichts davon.
automation-waiting = { $count ->
    [0] Es ist nichts vorgeschlagen. Ein Skript schlägt mit „inlet actions propose“ etwas vor.
    [one] Ein Vorschlag wartet.
   *[other] { $count } Vorschläge warten.
}
automation-today = „Heute“ öffnen
licences-find = Teile durchsuchen
licences-found = { $count ->
    [one] Ein Teil
   *[other] { $count } Teile
}
licences-none = Kein Teil heißt so oder hat eine solche Lizenz.
licences-page = Im Fenster
licences-engine = Im Motor
licences-fonts = Schriften und Tabellen für PDF-Dateien
licences-loading = Die Liste wird gelesen …
licences-missing = Die Liste konnte nicht gelesen werden: Laden Sie das Fenster neu und sehen Sie noch einmal nach.
licences-no-text = Dieser Teil bringt keinen eigenen Text mit. Es gilt die Lizenz, die hier genannt ist.

setting-sync-poll_seconds = Alle … Sekunden nachfragen
setting-sync-poll_seconds-text = Für Ordner, deren Server sich nicht von selbst meldet, 0 bis 3600. Weniger als 5 gilt als 5.
setting-oauth-google_client_id = Client-ID bei Google
setting-oauth-google_client_id-text = Die der eigenen Registrierung; mit ihr beginnt die Anmeldung bei Google.
setting-oauth-microsoft_client_id = Client-ID bei Microsoft
setting-oauth-microsoft_client_id-text = Die der eigenen Registrierung; mit ihr beginnt die Anmeldung bei Microsoft.
setting-oauth-slack_client_id = Client-ID bei Slack
setting-oauth-slack_client_id-text = Die der eigenen App; mit ihr beginnt die Anmeldung bei Slack.
setting-oauth-microsoft_tenant = Organisation bei Microsoft
setting-oauth-microsoft_tenant-text = common, organizations, consumers oder die Domain oder ID einer Organisation.
setting-teams-background_minutes = Teams abfragen, während Sie anderes tun
setting-teams-background_minutes-text = Microsoft bittet Programme, Teams nicht regelmäßig abzufragen, und kann solche, die es tun, bremsen oder sperren. Ausgeschaltet wird Teams abgefragt, wenn dieses Fenster nach vorn kommt, ein Chat geöffnet wird oder Sie dort etwas getan haben.
choice-teams-background_minutes-off = Aus
choice-teams-background_minutes-15 = Alle 15 Minuten
choice-teams-background_minutes-30 = Alle 30 Minuten
choice-teams-background_minutes-60 = Jede Stunde
choice-teams-background_minutes-240 = Alle 4 Stunden
setting-actions-working_days = Ihre Arbeitstage
setting-actions-working_days-text = Warten und Verspätung werden in Arbeitstagen gezählt. Englisch abgekürzt, etwa: mon tue wed thu fri.
setting-actions-working_hours = Arbeitszeit
setting-actions-working_hours-text = Termine werden in dieser Zeit angeboten, etwa 09:00-17:00.
setting-actions-holidays = Feiertage
setting-actions-holidays-text = Tage, an denen Sie nicht arbeiten: 12-25 für jedes Jahr, 2026-05-14 für eines. Leer: keine.
setting-actions-days = … Tage zurückblicken
setting-actions-days-text = Älteres wird nicht mehr vorgeschlagen, außer es ist erst später fällig. 1 bis 400.
setting-send-undo_seconds = Senden … Sekunden lang zurücknehmen
setting-send-undo_seconds-text = Wie lange eine Nachricht im Postausgang wartet und zurückgeholt werden kann, 0 bis 30.
setting-compose-sync_drafts = Entwürfe auch auf dem Server
setting-compose-sync_drafts-text = Entwürfe von Mails liegen auch im Ordner „Entwürfe“ ihres Kontos, wo andere Programme sie finden, bis sie gesendet oder verworfen werden.
setting-compose-enter_sends = Eingabetaste sendet Chatnachrichten
setting-compose-enter_sends-text = Mit Umschalt beginnt sie eine neue Zeile. Ausgeschaltet tut sie das immer; Strg oder ⌘ mit Eingabe sendet.
setting-notifications-enabled = Neue Nachrichten melden
setting-notifications-enabled-text = Während Sie etwas anderes tun.
setting-notifications-preview = Was eine Benachrichtigung zeigt
setting-notifications-preview-text = Andere sehen vielleicht Ihren Bildschirm.
choice-notifications-preview-full = Absender und Betreff
choice-notifications-preview-source = Nur die Herkunft
setting-notifications-direct = Nachrichten an Sie
setting-notifications-direct-text = An Sie und höchstens einige andere.
choice-notifications-direct-normal = Mit Ton
choice-notifications-direct-silent = Still
choice-notifications-direct-off = Gar nicht
setting-notifications-group = Nachrichten an mehrere
setting-notifications-group-text = Gruppen, Kopien und Mails an viele.
choice-notifications-group-normal = Mit Ton
choice-notifications-group-silent = Still
choice-notifications-group-off = Gar nicht
setting-notifications-list = Listen und Automaten
setting-notifications-list-text = Newsletter, Mailinglisten, automatische Mails.
choice-notifications-list-normal = Mit Ton
choice-notifications-list-silent = Still
choice-notifications-list-off = Gar nicht
setting-notifications-digest = Tagesübersicht
setting-notifications-digest-text = Einmal am Tag, ohne Ton: was zu tun ist.
setting-notifications-digest_at = Uhrzeit der Tagesübersicht
setting-notifications-digest_at-text = Eine Uhrzeit wie 08:00. Schläft der Computer dann, kommt sie beim Aufwachen.
setting-notifications-quiet_from = Beginn der Ruhezeit
setting-notifications-quiet_from-text = Eine Uhrzeit wie 22:00. Leer: keine Ruhezeit.
setting-notifications-quiet_until = Ende der Ruhezeit
setting-notifications-quiet_until-text = Eine Uhrzeit wie 07:00.
setting-notifications-per_minute = Benachrichtigungen je Minute
setting-notifications-per_minute-text = 1 bis 60. Der Rest wird zusammengefasst.
setting-notifications-channel = Benachrichtigungen auch an einen Kanal senden
setting-notifications-channel-text = Verbinden Sie zuerst einen unter Konten.
setting-notifications-channel_for = Was an diesen Kanal geht
setting-notifications-channel_for-text = So laut, wie die Einstellungen darüber es machen.
choice-notifications-channel_for-normal = Was mit Ton gemeldet wird
choice-notifications-channel_for-all = Auch die stillen
setting-window-close_to_tray = Beim Schließen im Infobereich bleiben
setting-window-close_to_tray-text = Wo es einen Infobereich gibt.
setting-window-autostart = Mit dem Computer starten
setting-window-autostart-text = Inlet startet im Infobereich, wenn Sie sich anmelden.
setting-privacy-lock = Fenster sperren
setting-privacy-lock-text = Fragt nach einer Passphrase, die Sie unten wählen. Sie hält fern, wer vorbeikommt; verschlüsselt wird nichts, und ein Terminal Ihres Kontos ist nicht gesperrt.
choice-privacy-lock-never = Nur von Hand
choice-privacy-lock-start = Beim Start von Inlet
choice-privacy-lock-1 = Beim Start und nach 1 Minute ohne Sie
choice-privacy-lock-5 = Beim Start und nach 5 Minuten ohne Sie
choice-privacy-lock-15 = Beim Start und nach 15 Minuten ohne Sie
choice-privacy-lock-60 = Beim Start und nach einer Stunde ohne Sie
setting-data-keep_files = Geladene Dateien behalten
setting-data-keep_files-text = Dateien von Mails und Notizen, nachdem sie zuletzt geöffnet wurden, wo ihr Server sie wieder herausgibt: Dann werden sie beim Öffnen geladen. Dateien aus Chats, Importen und der Demo bleiben immer.
setting-data-keep_logs = Protokolle behalten
setting-data-keep_logs-text = Was aus Gesendetem wurde, was Regeln getan haben und warum Sie von einer Nachricht erfuhren oder nicht.
choice-data-keep_files-forever = Für immer
choice-data-keep_files-365 = 1 Jahr
choice-data-keep_files-90 = 90 Tage
choice-data-keep_files-30 = 30 Tage
choice-data-keep_logs-forever = Für immer
choice-data-keep_logs-365 = 1 Jahr
choice-data-keep_logs-90 = 90 Tage
choice-data-keep_logs-30 = 30 Tage
keep-title = Was hier aufbewahrt wird
keep-all = Alles im Datenordner
keep-files = Geladene Dateien
keep-files-now = { $size } in { $count ->
    [one] { $count } Datei
   *[other] { $count } Dateien
}
keep-logs = Protokolle
keep-logs-now = { $size } in { $count ->
    [one] { $count } Eintrag
   *[other] { $count } Einträgen
}
keep-frees = { $choice }: gäbe jetzt { $size } frei
keep-frees-none = { $choice }: gäbe jetzt nichts frei
keep-stays = { $size } bleiben in jedem Fall: Sie sind vielleicht nirgends sonst zu haben.
setting-privacy-typing = Zeigen, dass Sie schreiben
setting-privacy-typing-text = Andere sehen es, während Sie ihnen antworten, wo der Dienst das weitergibt; es verrät auch, dass Sie gelesen haben. Zurzeit ist das WhatsApp.
setting-privacy-remote_images = Bilder aus dem Netz
setting-privacy-remote_images-text = Ihr Laden verrät dem Absender, wann und wo eine Mail gelesen wurde.
choice-privacy-remote_images-ask = Bei jeder Mail fragen
choice-privacy-remote_images-never = Nie laden
setting-privacy-receipts = Lesebestätigungen
setting-privacy-receipts-text = Manche Absender möchten erfahren, dass Sie ihre Mail gelesen haben. Von selbst wird nie etwas mitgeteilt, und nichts über das, was Listen und Maschinen senden.
choice-privacy-receipts-never = Nie mitteilen
choice-privacy-receipts-ask = Bei jeder Mail fragen
setting-appearance-theme = Design
setting-appearance-theme-text = Dunkel auf hell oder hell auf dunkel.
choice-appearance-theme-system = Wie das System
choice-appearance-theme-light = Hell
choice-appearance-theme-dark = Dunkel
setting-appearance-contrast = Kontrast
setting-appearance-contrast-text = Hoher Kontrast gilt auch, wenn das System ihn verlangt.
choice-appearance-contrast-normal = Normal
choice-appearance-contrast-high = Hoch
setting-appearance-density = Dichte der Listen
setting-appearance-density-text = Wie viel eine Zeile von einer Unterhaltung zeigt.
choice-appearance-density-comfortable = Bequem: drei Zeilen
choice-appearance-density-cosy = Mittel: zwei Zeilen
choice-appearance-density-compact = Kompakt: eine Zeile
setting-appearance-font_size = Textgröße
setting-appearance-font_size-text = Für alles im Fenster.
choice-appearance-font_size-small = Klein
choice-appearance-font_size-normal = Normal
choice-appearance-font_size-large = Groß
choice-appearance-font_size-larger = Größer
setting-appearance-layout = Aufteilung
setting-appearance-layout-text = Wo sich eine Unterhaltung öffnet. Ein kleines Fenster zeigt eines nach dem anderen.
choice-appearance-layout-right = Unterhaltung neben der Liste
choice-appearance-layout-below = Unterhaltung unter der Liste
choice-appearance-layout-list = Nur die Liste: die Unterhaltung verdeckt sie
setting-appearance-language = Sprache
setting-appearance-language-text = Die des Fensters. Mails bleiben in der Sprache, in der sie geschrieben sind.
choice-appearance-language-system = Wie das System
setting-keyboard-preset = Belegung
setting-keyboard-preset-text = Die Tasten, von denen ausgegangen wird. Eigene Tasten bleiben beim Wechsel erhalten.
choice-keyboard-preset-inlet = Inlet (wie Gmail)
choice-keyboard-preset-outlook = Outlook
choice-keyboard-preset-apple = Apple Mail

index-reach = Wird gefunden
index-items = Einträge
index-whole = Alles
index-since = Seit { $date }
index-none = Noch nicht abgeglichen
index-nothing = Es ist nichts verbunden, was sich durchsuchen ließe.
index-current = Der Index ist auf dem neuesten Stand.
index-rebuild = Index neu aufbauen
index-rebuilding = Der Index wird neu aufgebaut. Bis er fertig ist, gilt der alte.

data-folder = Alles liegt in
data-remove-text = Ein Konto wird mit allem entfernt, was davon auf diesem Computer liegt.
data-remove = Konto auswählen
export-title = Exportieren
export-folder = Ordner
export-folder-hint = Ein vollständiger Pfad. Fehlt der Ordner, wird er angelegt; Dateien darin werden nie überschrieben.
export-missing = Den Pfad eines Ordners eingeben, in den geschrieben wird.
export-format = Format
export-mbox = mbox: eine Datei je Ordner, nur Mails
export-eml = .eml: eine Datei je Mail
export-json = JSON: eine Datei je Eintrag, auch Chats und Notizen
export-query = Nur was diese Suche findet
export-query-hint = In der Sprache des Suchfelds. Leer wird alles exportiert.
export-start = Exportieren
export-busy = Wird exportiert
export-done = { $left ->
    [0] { $items ->
        [one] { $items } Eintrag geschrieben.
       *[other] { $items } Einträge geschrieben.
    }
   *[other] { $items ->
        [one] { $items } Eintrag geschrieben; { $left } haben keine Form in diesem Format.
       *[other] { $items } Einträge geschrieben; { $left } haben keine Form in diesem Format.
    }
}

backup-title = Sichern
backup-text = Alles in einer Datei: Nachrichten, Entwürfe, Regeln, Einstellungen und die geöffneten Dateien. Passwörter und Anmeldungen sind nicht darin; nach ihnen wird wieder gefragt. Zurück kommt sie mit „inlet restore“ in einem Terminal, in einen leeren Ordner.
backup-file = Datei
backup-file-hint = Ein vollständiger Pfad einer Datei, die es noch nicht gibt, etwa /media/disk/inlet.zip.
backup-missing = Den Pfad einer Datei eingeben, die geschrieben wird.
backup-start = Sichern
backup-busy = Wird gesichert
backup-done = { $left ->
    [0] { $size } geschrieben.
   *[other] { $size } geschrieben; { $left } Dateien von Nachrichten waren nicht hier und sind nicht dabei.
}
checkup-title = Prüfen, was hier liegt
checkup-text = Vergleicht Datenbanken, Dateien und Suchindex miteinander. Geändert wird erst etwas, wenn es verlangt wird, und eine Reparatur nimmt nichts weg, was sich nicht wieder holen lässt.
checkup-start = Prüfen
checkup-busy = Wird geprüft
checkup-repair = Reparieren
checkup-well = Alles ist in Ordnung.
checkup-ill = Etwas ist nicht, wie es sein soll.

felt-title = Wie schnell sich dieses Fenster anfühlt, seit es offen ist
felt-action = Handlung
felt-half = Median
felt-most = 95 %
felt-target = Ziel
felt-count = Gemessen
felt-verdict = Urteil
felt-within = Im Ziel
felt-over = Zu langsam
felt-none = Noch nicht gemessen
felt-focus = Tastendruck, bis die nächste Zeile den Fokus hat
felt-open = Unterhaltung öffnen, bis ihr Text da ist
felt-search = Tippen in der Suche, bis Treffer da sind
felt-archive = Archivieren oder rückgängig machen, bis die Liste es zeigt
felt-start = Start, bis die Liste da ist
facts-version = Version
facts-size = Größe auf der Platte
facts-part = { $part }: { $size }
facts-database = Datenbank
facts-bodies = Texte
facts-index = Suchindex
facts-attachments = Anhänge
facts-other = Übriges
facts-items = Einträge
facts-source = { $source }: { $count } ({ $state })
facts-behind = Noch nicht im Index
facts-queue = Auf dem Weg nach draußen
bundle-title = Diagnosebericht
bundle-text = Eine Datei mit diesen Zahlen, den Einstellungen und dem Zustand jeder Quelle. Sie enthält keine Namen, Adressen, Betreffe oder Texte.
bundle-folder = Ordner
bundle-folder-hint = Leer ist der Ordner für Downloads gemeint.
bundle-save = Diagnosebericht speichern
bundle-saved = Gespeichert als { $path }

keys-text = Was hier gilt, zeigen auch die Übersicht ({ $sheet }) und die Hinweise.
keys-reset-all = Alle Tasten zurücksetzen
keys-none = Keine Taste
keys-add = Taste hinzufügen: { $label }
keys-remove = { $key } entfernen: { $label }
keys-taken-back = { $key } gehört nicht mehr zu „{ $label }“.
record-title = Neue Taste: { $label }
record-label = Die neue Taste drücken
record-wait = Eine Taste drücken, oder zwei nacheinander
record-hint = { $accept } übernimmt, { $cancel } bricht ab.
record-free = { $key } ist frei.
record-conflict = { $key } gehört zu „{ $label }“ und fiele dort weg.
record-take = Diese Taste verwenden
record-take-from = Übernehmen

## Befehlspalette

palette = Befehlspalette
palette-field = Was möchten Sie tun?
palette-found = { $count ->
    [0] Nichts passt. Andere Buchstaben helfen vielleicht.
    [one] { $count } Eintrag
   *[other] { $count } Einträge
}
palette-person = Person
# Eine Einstellung und ein Wert, den sie haben kann.
palette-choose = { $setting }: { $choice }

## Benachrichtigungen und was um das Fenster liegt

notice-log = Verlauf der Benachrichtigungen
notice-log-text = Was Ihnen gemeldet wurde, was nicht, und warum. Das Neueste steht oben.
notices-paused = Benachrichtigungen ruhen bis { $time }.
notices-sources = Quellen, die Sie benachrichtigen dürfen
notices-empty = Noch ist nichts eingegangen
notices-settings = Was gemeldet wird
notices-empty-text = Jede neue Nachricht steht hier mit dem Grund, warum sie gemeldet wurde oder nicht.
notices-items = { $count ->
    [one] Eine Nachricht
   *[other] { $count } Nachrichten
}
notices-told = Gemeldet
notices-silent = Still gemeldet
notices-kept = Nicht gemeldet
why-direct = Sie ging an Sie.
why-group = Sie ging an mehrere Personen.
why-list = Sie kam von einer Liste oder einem Automaten.
why-busy = In einer Minute kamen viele; sie steht in einer Zusammenfassung.
why-imported = Sie kam aus Dateien.
why-first_sync = Sie ist älter als die Verbindung zu ihrem Konto.
why-old = Sie ist älter als dieser Start von Inlet.
why-read = Sie war schon gelesen.
why-muted = Ihre Unterhaltung ist stummgeschaltet.
why-elsewhere = Sie kam nicht in den Posteingang.
why-source_off = Ihre Quelle darf Sie nicht benachrichtigen.
why-open = Sie hatten ihre Unterhaltung geöffnet.
why-off = Benachrichtigungen sind ausgeschaltet.
why-paused = Benachrichtigungen ruhten.
why-quiet = Sie kam in Ihrer Ruhezeit.
why-direct_off = Nachrichten an Sie werden laut Einstellung nicht gemeldet.
why-group_off = Nachrichten an mehrere Personen werden laut Einstellung nicht gemeldet.
why-list_off = Nachrichten von Listen und Automaten werden laut Einstellung nicht gemeldet.
why-rule = Eine Ihrer Regeln bestimmt, wie sie gemeldet wird.
why-rule_off = Eine Ihrer Regeln bestimmt, dass sie nicht gemeldet wird.
notice-locked = Neue Nachricht
notice-new = { $count ->
    [one] Neue Nachricht
   *[other] { $count } neue Nachrichten
}
notice-in = { $who } in { $chat }
notice-more = { $text } (und { $count } weitere)
notice-summary = { $count ->
    [one] Neue Nachrichten in einer weiteren Unterhaltung
   *[other] Neue Nachrichten in { $count } weiteren Unterhaltungen
}
notice-reply = Antworten
notice-archive = Archivieren
notice-snooze = Bis morgen zurückstellen
tray-tip = Inlet: { $count } ungelesen
tray-open = Inlet öffnen
tray-open-unread = Inlet öffnen ({ $count } ungelesen)
tray-pause = Benachrichtigungen eine Stunde ruhen lassen
tray-resume = Wieder benachrichtigen
tray-quit = Inlet beenden
menu-edit = Bearbeiten
opened-files = Geöffnete Dateien
link-unknown = Dieser Link nennt nichts, was Inlet öffnen kann.

## Heute und Warten: was als Nächstes zu tun ist, und warum

cards-today-text = Was als Nächstes zu tun ist, auf diesem Computer aus dem ermittelt, was man Ihnen schrieb.
cards-waiting-text = Was Sie gefragt haben oder was Ihnen versprochen wurde und noch nicht gekommen ist.
cards-today-none = Nichts wartet auf Sie
cards-today-none-text = Fragen an Sie, Ihre Zusagen und offene Aufgaben erscheinen hier, wenn es Zeit dafür ist.
cards-waiting-none = Niemand schuldet Ihnen eine Antwort
cards-waiting-none-text = Ihre Fragen und Zusagen an Sie erscheinen hier, bis sie beantwortet oder eingehalten sind.
cards-behind = { $count ->
    [one] Eine Unterhaltung wurde noch nicht angesehen.
   *[other] { $count } Unterhaltungen wurden noch nicht angesehen.
}
card-reply = Antwort an { $who }
card-todo = Zugesagt: { $who }
card-waiting = Warten auf { $who }
card-note = Aufgabe aus „{ $page }“
card-done = Erledigt
card-beside = { $count ->
    [one] Noch eines offen
   *[other] Noch { $count } offen
}
card-show = In der Nachricht zeigen
# Wie lange eine Frage her ist, etwa „vor 3 Tagen“.
card-waits = Gefragt { $ago }
card-usually = antwortet sonst höchstens { $time } später
offer-times = Termine anbieten
nudge = Nachfragen
nudge-in-yours = In der Sprache dieser Unterhaltung kennt Inlet keine Worte, daher ist der Entwurf in Ihrer.
nudge-text =
    Guten Tag { $name },

    ich wollte hierauf zurückkommen: „{ $asked }“

    Wie ist der Stand?
nudge-text-nobody =
    Guten Tag,

    ich wollte hierauf zurückkommen: „{ $asked }“

    Wie ist der Stand?
digest-title = Ihr Tag
digest-reply = { $count ->
    [one] Eine Antwort
   *[other] { $count } Antworten
}
digest-todo = { $count } zu erledigen
digest-waiting = Warten auf { $count }
digest-meetings = { $count ->
    [one] 1 Termin
   *[other] { $count } Termine
}
digest-card = { $who }: { $said }
proposals = Von anderen Programmen vorgeschlagen
proposal-reply = Auf „{ $title }“ antworten
proposal-archive = „{ $title }“ archivieren
proposal-snooze = „{ $title }“ zurückstellen
proposal-snooze-until = „{ $title }“ bis { $time } zurückstellen
proposal-done = „{ $title }“ ist erledigt
proposal-star = „{ $title }“ markieren
proposal-read = „{ $title }“ als gelesen markieren
proposal-mute = „{ $title }“ stummschalten
proposal-delete = „{ $title }“ löschen
proposal-by = { $who }: { $why }
proposal-text = Text der Antwort
proposal-until = Bis wann
proposal-send = Genehmigen und senden
proposal-approve = Genehmigen
proposal-edit = Ändern
proposal-back = Wie vorgeschlagen
proposal-reject = Ablehnen
proposal-open = Unterhaltung öffnen
proposal-approved = Genehmigt
proposal-rejected = Abgelehnt
due-by = fällig { $time }
due-was = war fällig { $time }
due-perhaps = fällig { $time }?
due-today = heute
due-tomorrow = morgen
next-reply = fragt Sie
next-todo = zugesagt
next-waiting = noch keine Antwort
next-due = { $word } · { $time }
reasons = Warum das hier steht
seen-by = Erkannt an: { $what }
questions-only = In dieser Sprache werden nur Fragezeichen erkannt.
rule-weights = Gewicht der Regeln
rule-lessons = Was gelernt wurde
chip-usually-answer = Sie antworten auf { $answered } von { $received }
chip-window-closes = freie Antwort nur noch { $time }
chip-never-answer = auf keine von { $received } geantwortet
rule-asked = fragt Sie
rule-perhaps-asked = fragt vielleicht
rule-they-spoke-last = letztes Wort der anderen
rule-to-me = nur an Sie
rule-in-copy = in Kopie
rule-big-group = große Gruppe
rule-usually-answer = Sie antworten meist
rule-never-answer = Sie antworten nie
rule-overdue = überfällig
rule-due-in-a-day = binnen eines Tages fällig
rule-due-in-three-days = binnen dreier Tage fällig
rule-later-than-usual = später als sonst
rule-promise = zugesagt
rule-open-todo = offene Aufgabe
rule-no-answer = noch keine Antwort
rule-days-open = seit Tagen offen
rule-vip = Ihnen wichtig
rule-window-closes = Antwortfenster schließt
rule-thanks-only = nur Dank
rule-list-or-machine = Liste oder Automat
rule-muted = stumm
rule-taught-person = über die Person gelernt
rule-taught-words = über diese Wörter gelernt
reason-asked = Ein Satz bittet Sie um etwas, und Sie haben nicht darauf geantwortet.
reason-perhaps-asked = Ein Satz liest sich wie eine Bitte, auch wenn kein Muster ihn kennt.
reason-they-spoke-last = Das letzte Wort der Unterhaltung ist nicht von Ihnen.
reason-to-me = Die Nachricht geht nur an Sie oder spricht Sie mit Namen an.
reason-in-copy = Sie stehen in Kopie oder sind eine Adresse von vielen.
reason-big-group = Es wurde in einer großen Gruppe gesagt und nicht zu Ihnen.
reason-usually-answer = Sie beantworten das meiste, was diese Person schreibt.
reason-never-answer = Sie haben dieser Person noch nie geantwortet.
reason-overdue = Der Tag, an dem es fällig war, ist vorbei, seit höchstens einer Woche.
reason-due-in-a-day = Es ist innerhalb von 24 Stunden fällig.
reason-due-in-three-days = Es ist innerhalb von drei Tagen fällig.
reason-later-than-usual = Für jeden Arbeitstag, höchstens vier, über die Zeit hinaus, in der Sie dieser Person sonst antworten.
reason-promise = Sie haben etwas zugesagt.
reason-open-todo = Ein Kästchen einer Notizseite ist nicht abgehakt, oder eine Zeile nennt einen Tag.
reason-no-answer = Sie haben etwas gefragt oder zugesagt bekommen, und länger als üblich kam nichts.
reason-days-open = Für jeden Arbeitstag, höchstens vier, den es offen ist.
reason-vip = Sie haben gesagt, dass diese Person wichtig ist.
reason-window-closes = Die Plattform nimmt bald keine freie Antwort mehr an.
reason-thanks-only = Es ist ein Dank und sonst nichts.
reason-list-or-machine = Eine Mailingliste oder ein Automat hat es geschrieben; das zählt höchstens zehn.
reason-muted = Sie haben die Unterhaltung stumm geschaltet.
reason-taught-person = Was Sie mit Früherem dieser Person taten: beantwortet, aufgeschoben, ohne Antwort erledigt oder „Keine Aufgabe“.
reason-taught-words = Was Sie taten, als dieselben Wörter schon einmal kamen.

## Einstellungen der nächsten Schritte

lessons = Was gelernt wurde
lessons-text = „Keine Aufgabe“ zählt gegen das, was dieselbe Person schreibt, und gegen dieselben Wörter. Eine Antwort zählt ein wenig dafür, Aufschieben und „Erledigt“ ohne Antwort ein wenig dagegen. Vergessen nimmt das zurück.
lesson-dismissed = Keine Aufgabe
lesson-answered = Beantwortet
lesson-snoozed = Aufgeschoben
lesson-done = Ohne Antwort erledigt
lessons-none = Noch nichts. „Keine Aufgabe“ auf einer Karte in „Heute“ lehrt etwas, ebenso, was Sie dort beantworten, aufschieben oder erledigen.
lesson-forget = Vergessen, was über { $who } gelernt wurde
lesson-forgotten = Vergessen: { $who }
weights = Wie viel jede Regel zählt
weights-text = Die Punkte einer Karte sind die Summe ihrer Regeln. Ab 60 Punkten gehört sie zu heute.
weights-reset = Zurück zum Ausgang

## Eigene Regeln

rules-none = Noch keine Regeln
rules-none-text = Eine Regel erledigt von selbst, was Sie mit Eingehendem täten: mit einem Label versehen, archivieren, weiterleiten. Sie können sie ausprobieren, bevor sie etwas tut.
rule-new = Neue Regel
rule-edit-title = Regel ändern
rule-editor-text = Sie sieht an, was von jetzt an kommt. Was sie tut, lässt sich rückgängig machen, und was sie sendet, wartet vorher kurz im Postausgang.
rule-name = Name
rule-when = Wenn
rule-when-hint = Verschiedene Bedingungen müssen alle zutreffen; von mehreren gleicher Art genügt eine. Ohne Bedingung trifft sie immer zu. * steht für Beliebiges.
rule-when-add = Bedingung hinzufügen
rule-then = Dann
rule-then-hint = Von Archivieren, Ordner und Aufschieben ist nur eines möglich.
rule-then-add = Wirkung hinzufügen
rule-row-kind = Art der Zeile { $number }
rule-row-gone = { $name } (nicht verbunden)
rule-limit = Nur so oft senden und melden
rule-limit-most = Höchstens so oft
rule-limit-minutes = In so vielen Minuten
rule-limit-per = Gezählt
rule-limit-rule = für die Regel als Ganzes
rule-limit-person = für jede Person, die schreibt
rule-limit-thread = für jede Unterhaltung
rule-stop = Keine spätere Regel ansehen, wenn diese zutrifft
rule-stops = keine spätere Regel wird angesehen
rule-text = Die Regel als Text (TOML)
rule-text-hint = Unter [when]: source, kind, person, to, domain, list, subject, text, attachment, language, mentioned, state, score, urgency, confidence, meta. Unter [then]: label, place, archive, mute, star, read, snooze, notify, forward, digest, reply. Kommentare bleiben nicht erhalten.
rule-as-text = Als Text (TOML)
rule-as-form = Als Formular
rule-try = An den letzten { $count } ausprobieren
rule-tried = Was sie täte
rule-tried-sum = { $looked ->
    [one] Eine Nachricht angesehen
   *[other] { $looked } Nachrichten angesehen
  }: Die Regel trifft auf { $held } zu und würde { $changes } ändern.
rule-tried-nothing = Es wurde nichts getan.
rule-saved = „{ $name }“ ist gespeichert und sieht an, was von jetzt an kommt
rule-summary = Wenn: { $when } → { $then }
rule-always = immer
rule-switch = { $name }: ein
rule-held = { $count ->
    [one] Einmal zugetroffen, { $time }
   *[other] { $count }-mal zugetroffen, zuletzt { $time }
  }
rule-held-never = Traf noch nicht zu
rule-log = Warum: was { $name } getan hat
rule-log-title = Was „{ $name }“ getan hat und warum
rule-log-held = Nur, wo sie zutraf
rule-log-none = Noch nichts: Sie sieht an, was kommt, nachdem sie hinzugefügt, geändert oder eingeschaltet wurde.
rule-undone = Das wurde rückgängig gemacht.
rule-run = { $name } auf Früheres anwenden
rule-run-title = „{ $name }“ auf Früheres anwenden
rule-run-text = Es wird eingeordnet, wie die Regel es sagt. Nichts wird darüber gesendet oder gemeldet, und es lässt sich als Ganzes zurücknehmen.
rule-run-reach = Wie weit zurück
rule-run-last = Die letzten { $count } Nachrichten von anderen
rule-run-looking = Es wird nachgesehen, was sie tun würde …
rule-run-do = { $count ->
    [one] Anwenden: eine Nachricht ändert sich
   *[other] Anwenden: { $count } Nachrichten ändern sich
  }
rule-ran = { $count ->
    [one] „{ $name }“ hat eine Nachricht geändert
   *[other] „{ $name }“ hat { $count } Nachrichten geändert
  }
rules-written = Die Regeln stehen in { $path }
rules-import = Regeln aus einer Datei lesen …
rules-export = Regeln in eine Datei schreiben
rules-read = { $count ->
    [one] Eine Regel ist hinzugefügt; sie gilt für das, was ab jetzt kommt
   *[other] { $count } Regeln sind hinzugefügt; sie gelten für das, was ab jetzt kommt
  }
if-one = { $what }: { $value }
if-or = {" oder "}
if-any = beliebig
if-none = keine
if-source = Aus der Quelle
if-kind = Art
if-person = Geschrieben von
if-to = Geschrieben an
if-domain = Von der Domain
if-list = Über die Mailingliste
if-subject = Betreff enthält
if-text = Betreff oder Text enthält
if-attachment = Hat eine Datei
if-attachment-hint = beliebig; oder *.pdf, image/*
if-urgency = Fällig
if-score = Punkte
if-state = Was von Ihnen erwartet wird
if-score-hint = 60 und mehr; oder 35..59
if-confidence = Wie sicher das ist
if-confidence-hint = 0.8 und mehr; oder ..0.5
if-language = Geschrieben auf
if-mentioned = Spricht Sie an (Name oder @)
if-meta = Weitere Einzelheiten
if-meta-hint = Name = Wert, etwa important = true oder size = 1000000..
written-other = eine andere Sprache
written-none = zu kurz, um es zu sagen
mentioned-true = ja
mentioned-false = nein
rests-reply = Sie sollen antworten
rests-todo = Sie haben etwas zugesagt
rests-waiting = Sie warten auf Antwort
rests-fyi = nur zu lesen
rests-done = nichts, es ist erledigt
urgent-overdue = überfällig
urgent-today = binnen eines Tages
urgent-soon = binnen drei Tagen
urgent-later = später
urgent-none = gar nicht
does-label = Label
does-place = In den Ordner legen
does-archive = Archivieren
does-snooze = Aufschieben bis
does-snooze-hint = tomorrow 9:00
does-star = Stern
does-read = Als gelesen markieren
does-mute = Stummschalten
does-notify = Melden
does-forward = Weiterleiten an
does-channel = Über den Kanal melden
does-digest = Was an Kanäle geht, einmal am Tag in einer Nachricht sammeln
does-reply = Mit der Vorlage antworten
tell-critical = immer, auch in Ruhezeiten
tell-normal = mit Ton
tell-silent = ohne Ton
tell-off = gar nicht
step-line = { $what } — { $outcome }
step-waits = { $what } — { $outcome }, am { $until }
became-would = würde geschehen
became-done = getan
became-already = ist schon so
became-refused = nicht getan
refused-automatic = eine Maschine hat es geschrieben
refused-list = es kam über eine Mailingliste
refused-passed = ein anderes Programm hat es schon weitergegeben
refused-own = es ginge an eine Ihrer Adressen
refused-author = es ginge an den Absender zurück
refused-no_reply = was an den Absender geht, liest niemand
refused-not_to_me = es war nicht an Sie gerichtet
refused-group = es war an mehrere gerichtet
refused-old = es wurde vor zu langer Zeit geschrieben
refused-note = eine Notizseite kann nicht beantwortet werden
refused-again = in dieser Unterhaltung hat schon eine Regel geantwortet
refused-lately = diese Regel hat dem Absender in den letzten 24 Stunden schon geantwortet
refused-limit = die Grenze der Regel ist erreicht
refused-twice = eine andere Regel sendet es schon dorthin
refused-channel = es gibt keinen Kanal dieses Namens, oder mehrere
refused-template = es gibt keine solche Vorlage, oder eine Variable darin lässt sich nicht ausfüllen
refused-time = der Zeitpunkt ist vorbei
refused-past = über das, was vor der Regel kam, wird nichts gesendet
refused-platform = die Plattform nimmt es nicht an
held-by = Sie traf zu, durch: { $what }
held-always = Sie traf zu: Sie hat keine Bedingungen.
held-missed = Sie traf nicht zu: { $what }
held-kept = Sie wurde nicht angesehen: „{ $rule }“ kam zuerst.
held-not = Sie traf nicht zu.
