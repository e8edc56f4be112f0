### Everything the window shows or says, in English. Every other language has the same messages
### with the same variables. Names of products and platforms stay as they are.

## Words used in many places

cancel = Cancel
close = Close
dismiss = Dismiss
loading = Loading
removing = Removing
try-again = Try again
error-works = The rest of Inlet goes on, and nothing is lost.
error-works-offline = What is shown can still be read, and what you write is kept.
undo = Undo
unread = Unread
you = You
has-file = Has a file
no-subject = No subject
unknown-sender = Unknown sender
nobody = Nobody
connect-account = Connect an account
comes-back = Comes back { $time }
# A text somebody else gave, such as the title of a page.
quoted = “{ $text }”
# What a control does, and the key that does the same.
with-key = { $label } ({ $keys })
# Who wrote something, and when.
who-when = { $who }, { $when }
# Two or three people: the last one is named on its own.
people-and = { $people } and { $last }
people-others = { $people } and { $count } others

## Keys as keyboards name them

key-ctrl = Ctrl
key-shift = Shift
key-enter = Enter
key-escape = Esc
key-tab = Tab
key-delete = Delete
key-home = Home
key-end = End
key-insert = Insert
key-backspace = Backspace
key-space = Space
# Two keys, one after the other.
key-then = { $first } then { $second }
# Between two keys of which each is enough.
key-or = or

## Commands: buttons, menus and the keyboard sheet

command-next = Next conversation
command-previous = Previous conversation
command-first = First conversation
command-last = Last conversation
command-open = Open
command-back = Back to the list
command-next_split = Next tab
command-previous_split = Previous tab
command-archive = Archive
command-delete = Delete
command-snooze = Snooze
command-remind = Remind me if nobody answers
command-file = Move to a folder or label
command-inbox = Back to the inbox
command-dismiss = Not an action
command-star = Star or remove the star
command-unread = Mark unread or read
command-mute = Mute or unmute
command-leave_list = Unsubscribe
command-rsvp_accept = Accept the invitation
command-rsvp_tentative = Answer the invitation with “maybe”
command-rsvp_decline = Decline the invitation
command-undo = Undo
command-rail = Narrow or widen the sidebar
command-compose = New message
command-reply = Reply
command-reply_all = Reply to all
command-new_page = New page of notes
command-inspector = Person of the conversation
command-source = Source of the mail
command-print = Print
command-forward = Forward
command-select = Select
command-extend_next = Extend down
command-extend_previous = Extend up
command-select_all = Select all
command-go_today = Today
command-go_inbox = Inbox
command-go_waiting = Waiting
command-go_snoozed = Snoozed
command-go_drafts = Drafts
command-go_outbox = Outbox
command-go_sent = Sent
command-go_archive = Archive
command-go_notes = Notes
command-go_people = People
command-go_starred = Starred
command-go_all = All
command-go_notices = Notification log
command-search = Search
command-save_search = Keep this search
command-palette = Command palette
command-settings = Settings
command-lock = Lock now
command-sheet = This sheet
command-send = Send

sheet-title = Keyboard
sheet-keys = Keys
sheet-move = Move
sheet-do = Do
sheet-write = Write
sheet-select = Select
sheet-go = Go to
sheet-window = Window

## Lists one can look at

view-inbox = Inbox
view-waiting = Waiting
view-snoozed = Snoozed
view-sent = Sent
view-archive = Archive
view-notes = Notes
view-starred = Starred
view-junk = Junk
view-trash = Trash
view-all = All

## Platforms; the others are called by their own names

platform-imap = Mail
platform-files = Imported
platform-channel = Channel
# Inside a sentence.
kind-mail = mail
kind-chat = chat
kind-note = note

## How a source is

health-starting = Starting
health-syncing = Syncing
health-live = Up to date
health-paused = Paused
health-off = Switched off
health-auth_needed = Sign-in needed
health-throttled = Waiting: the server asked for a pause
health-offline = Offline
network-unreached = No account can be reached
health-failing = Not syncing
# A state, and a sentence of the source about it.
health-line = { $state }: { $message }
last-heard = Last heard { $ago }
not-heard = Not heard yet
first-sync = First sync of { $source }
sync-done-of = { $done } of { $total }
sync-done = { $done } so far

## What was done to conversations, as a toast and for screen readers

did-read = { $count ->
    [one] Marked read
   *[other] Marked read: { $count } conversations
}
did-unread = { $count ->
    [one] Marked unread
   *[other] Marked unread: { $count } conversations
}
did-star = { $count ->
    [one] Starred
   *[other] Starred: { $count } conversations
}
did-unstar = { $count ->
    [one] Star removed
   *[other] Star removed: { $count } conversations
}
did-archive = { $count ->
    [one] Archived
   *[other] Archived: { $count } conversations
}
did-inbox = { $count ->
    [one] Moved to inbox
   *[other] Moved to inbox: { $count } conversations
}
did-delete = { $count ->
    [one] Moved to trash
   *[other] Moved to trash: { $count } conversations
}
did-move = { $count ->
    [one] Moved
   *[other] Moved: { $count } conversations
}
did-label = { $count ->
    [one] Labelled
   *[other] Labelled: { $count } conversations
}
did-unlabel = { $count ->
    [one] Label removed
   *[other] Label removed: { $count } conversations
}
did-snooze = { $count ->
    [one] Snoozed
   *[other] Snoozed: { $count } conversations
}
did-remind = { $count ->
    [one] Comes back if nobody answers
   *[other] Come back if nobody answers: { $count } conversations
}
did-unremind = { $count ->
    [one] Reminder removed
   *[other] Reminder removed: { $count } conversations
}
did-mute = { $count ->
    [one] Muted
   *[other] Muted: { $count } conversations
}
did-unmute = { $count ->
    [one] Unmuted
   *[other] Unmuted: { $count } conversations
}
did-tick = To-do done
did-untick = To-do open again
did-react = Reaction given
did-unreact = Reaction taken back
did-accept = Invitation accepted
did-tentative = Answered with “maybe”
did-decline = Invitation declined
# What was done, and the conversation the focus is on now.
did-settle = { $count ->
    [one] Done
   *[other] { $count } done
}
did-dismiss = { $count ->
    [one] Not an action: learnt
   *[other] { $count } are no actions: learnt
}
did-next = { $did }. { $next }
did-list-empty = { $did }. The list is empty.
undone = Undone: { $did }
undo-never = What was done last cannot be taken back. Undo once more for what was before it.
selected = { $count } selected
selected-whole = All { $count } selected
select-all = Select all { $count }
select-all-found = Select all { $count } results
bulk-working = Working on { $count } conversations. This can be undone when it is done.
select-most = The first { $count } are selected: actions take no more at once.

## The engine cannot be asked

engine-silent = Inlet's engine did not answer. Restart Inlet if this goes on.
engine-unreachable = Inlet's engine cannot be reached. Check that `inlet serve` is running.
engine-no-token = This address has no valid token. Open the link that `inlet serve` printed.
engine-no-answer = Inlet's engine could not answer. Try again.
engine-newer-search = A newer search took its place.

## Header

sync-well = Sync now. Everything is up to date.
sync-busy = Sync now. It is being synced.
sync-resting = Sync now. Nothing is synced at present.
sync-ill = { $count ->
    [one] Sync now. One source does not sync.
   *[other] Sync now. { $count } sources do not sync.
}
theme-system = Theme: like the system
theme-light = Theme: light
theme-dark = Theme: dark
keyboard = Keyboard
compose = Compose

## Rail

places = Places
rail-narrow = Show icons only
rail-widen = Show words beside the icons
more = More
sources = Sources
add-account = Add account
accounts = Accounts
place-today = Today
place-drafts = Drafts
place-outbox = Outbox
# A place with how much is in it.
counted = { $label }, { $count }
counted-unread = { $label }, { $count } unread
# For screen readers: a source, and how it is.
source-health = { $source }. { $health }
source-unread-health = { $source }, { $count } unread. { $health }

## Notices above the window

notices = Notices
offline-notice = You are offline. Everything that is here works, and what you send waits in the outbox.
demo-notice = Demo: nothing leaves this computer.
demo-remove = Remove the demo

## Status line

network-online = Online
network-offline = Offline
offline-tip = Everything that is here works; the rest waits for the network.
status-outbox = { $count } in the outbox
status-auth_needed = { $source }: sign-in needed
status-failing = { $source }: not syncing
status-warned = { $source }: the platform reports a problem
status-missed = { $source } may have missed something
status-unreadable = { $source }: something could not be read
work-of = { $title }: { $done } of { $total }
work-done = { $title }: { $done }
work-tidy = Clearing away what is kept no longer
work-backup = Backing up, in megabytes
work-check = Checking files
work-export = Export to { $folder }
# How long it will still take; 0 minutes are less than one.
work-left = { $minutes ->
    [0] less than a minute left
    [one] about a minute left
   *[other] about { $minutes } minutes left
}
work-paused = paused
work-pause = Pause { $title }
work-resume = Go on with { $title }
work-cancel = End { $title }
work-cancel-rebuild = End building the index anew; what is done stays, and the rest of the old index is used on
work-cancel-sync = Stop fetching { $title }; what is here stays, and it can go on in Accounts
work-more = { $count } more
search-index = Search index
status-heard = { $source }: { $ago }
status-not-heard = { $source }: not heard yet

## List

list-width = Width of the list
list-height = Height of the list
source = Source
selection = Selected conversations
selection-clear = Clear the selection
tabs = Kinds
tab-all = All
tab-people = People
tab-updates = Updates
tab-mail = Mail
tab-chat = Chat
tab-note = Notes
tab-unread = { $count } unread
# Why a conversation is in the list.
row-unanswered = No answer since { $date }
row-reminds = Reminder set
reminds = Comes back { $time } if nobody answers
row-untitled = Untitled page
row-messages = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}
row-muted = Muted
row-starred = Starred
row-snoozed = Snoozed
# Before the text of a message one wrote oneself.
row-you = You:

empty-inbox = All done
empty-inbox-text = New mail and chats appear here.
empty-waiting = Nothing to wait for
empty-waiting-text = Questions you asked and that have no answer yet appear here.
empty-snoozed = Nothing is snoozed
empty-snoozed-text = Press { $key } on a conversation to have it come back later.
empty-sent = Nothing sent yet
empty-sent-text = Conversations you wrote in appear here.
empty-archive = The archive is empty
empty-archive-text = Press { $key } on a conversation when you are done with it.
empty-notes = No notes yet
empty-notes-text = Pages of your notebooks appear here once one is connected.
empty-starred = Nothing is starred
empty-starred-text = Press { $key } on a conversation to find it here again.
empty-junk = No junk
empty-junk-text = Mail your provider took for junk appears here.
empty-trash = The trash is empty
empty-trash-text = What you delete stays here until your provider empties it.
empty-all = Nothing here yet
empty-all-text = Everything that arrives appears here.
empty-tab-people = Nobody here
empty-tab-updates = No updates here
empty-tab-mail = No mail here
empty-tab-chat = No chats here
empty-tab-note = No notes here
empty-tab-own = Nothing in “{ $name }” here
empty-tab-text = The other tabs may hold more.
empty-compose = Write a message
empty-go-inbox = Go to the inbox
empty-show-all = Show all

## Search

search = Search
search-placeholder = Search mail, chats and notes
search-clear = Clear the search
search-results = Search results
search-busy = Searching
search-found = { $count ->
    [one] { $count } result
   *[other] { $count } results
}
search-found-least = { $count ->
    [one] At least { $count } result
   *[other] At least { $count } results
}
search-order = Order
search-newest = Newest
search-best = Best
search-corrected = Nothing was found for that word: showing “{ $word }”.
search-nothing = Nothing found
search-back = Back to the list
search-chat = Chat
# A search that is kept: in the rail, or as a tab above the list.
saved-search = Saved search
saved-searches = Saved searches
saved-searches-text = They stand in the rail, one press away.
saved-searches-none = None yet. Search for something, then press the bookmark in the search box.
saved-searches-manage = Rename, order or remove saved searches
saved-search-title = { $name }: { $query }
saved-search-new = New saved search
save-search = Keep this search
save-search-edit = Change a saved search
save-search-none = Search for something first, then keep the search.
save-search-saved = Kept as “{ $name }”: change it
save-search-done = “{ $name }” is kept
save-search-query = Searches for
save-search-query-hint = In the language of the search box, such as from:ana has:attachment.
save-search-icon = Icon
save-search-tab = Make it a tab above the list as well
own-tab = Tab of your own
own-tabs = Tabs of your own
own-tabs-text = They stand above the list after All, People, Mail, Chat, Updates and Notes, and show what a search finds there.
own-tabs-none = None yet. A tab shows what a search finds in the list below it.
own-tab-new = New tab
own-tabs-outlook = Focused and Other, as in Outlook
own-tab-focused = Focused
own-tab-other = Other
own-tab-edit = Change a tab
own-tab-make = Make { $name } a tab
own-tab-made = “{ $name }” is a tab above the list
kept-up = Move { $name } up
kept-down = Move { $name } down
kept-moved = { $name } is at place { $place } of { $total }
icon-bookmark = Bookmark
icon-flag = Flag
icon-user = Person
icon-users = People
icon-briefcase = Briefcase
icon-house = House
icon-receipt = Receipt
icon-plane = Plane
icon-heart = Heart
icon-bell = Bell
icon-paperclip = Paper clip
icon-code = Code
coverage-whole = Searches everything in all your sources.
coverage-since = { $source }: since { $date }
coverage-none = { $source }: not yet synced
coverage-partial = { $sources }.
coverage-partial-rest = { $sources }; the others whole.

## Snooze

snooze-title = Snooze until
snooze-when = When
snooze-placeholder = fri 9, in 3 days, next monday
snooze-hint = Write a day, a time or both, such as “fri 9” or “in 3 days”.
snooze-evening = This evening
snooze-tomorrow = Tomorrow
snooze-weekend = This weekend
snooze-week = Next week

remind-title = If nobody answers until
remind-forget = Remove the reminder

## Folders and labels

filing-title = Folders and labels
filing-title-move = Move to a folder
filing-name = Name of a folder or label
filing-placeholder = Type a name, with / between levels
filing-places = Folders and labels
filing-hint = Enter puts a label on or takes it off. Shift+Enter moves: label on, out of the inbox.
filing-none = Chats and notes have no folders or labels. Choose a mail.
filing-whole = A folder belongs to one account, and all of a list can be of several. Select the conversations themselves.
# A folder is for some of the conversations that are selected.
filing-some = { $source }: { $count } of { $of }
filing-make-label = New label “{ $name }”
filing-make-folder = New folder “{ $name }”

## Mailing lists

leave-title = Unsubscribe
leave-one_click = Ask { $whom } to send you no more of what { $sender } writes? The list learns only that this address wants to leave.
leave-mail = Send a mail to { $whom } that asks for no more of what { $sender } writes? You can take it back like any other.
leave-link = { $sender } lets people leave only on a page of { $whom }. Open it in the browser?
leave-again = You have asked already. Lists may take a few days.
leave-open = Open the page
leave-none = This conversation came through no list that one can leave.
left = { $whom } has confirmed that you are unsubscribed
left-mail = Unsubscribing by mail to { $whom }
left-at = Unsubscribed { $date }
left-asked = Asked to unsubscribe { $date }
## Secret store

unlock-title = Open the secret store
unlock-why = This system has no keyring, so passwords are kept under a passphrase of yours. The first one you give becomes the one.
unlock-passphrase = Passphrase
unlock-later = Not now
unlock-open = Open
unlock-opening = Opening

## Lock of the window

lock-title = Inlet is locked
lock-text = Nothing is shown until you give the passphrase. Meanwhile messages keep coming in, and what you sent goes out.
lock-open = Unlock
lock-opening = Unlocking
lock-wrong = That is not the passphrase. Try again.
lock-wait = { $count ->
    [one] Wait { $count } second before the next try.
   *[other] Wait { $count } seconds before the next try.
}
lock-forgotten = Forgotten? The manual (README, “Locking the window”) says how to open Inlet again from your account on this computer. Nothing is lost by it.
lock-none = Choose a passphrase first; the window is opened with it again.
lock-settings = Passphrase of the lock
lock-settings-text = Asked for by a locked window. The lock keeps somebody who passes by out of the window and encrypts nothing: the files in the data folder are as protected as the disk they lie on, and commands in a terminal of your account work as before. Fetching, rules and sending go on while it is locked.
lock-idle = Nothing is locked yet: choose a passphrase.
lock-old = Passphrase there is now
lock-new = New passphrase
lock-new-hint = At least 6 characters.
lock-again = The same once more
lock-differs = The two are not the same.
lock-choose = Set passphrase
lock-change = Change passphrase
lock-remove = Remove the lock
lock-chosen = The passphrase is set. Choose above when it is asked for.
lock-changed = The passphrase was changed
lock-removed = The lock was removed

## First run

welcome = Welcome to Inlet
welcome-text = One window for your mail, chats and notes. Everything stays on this computer.
welcome-demo = Explore the demo
welcome-demo-busy = Making the demo
welcome-demo-text = A made-up world with mail, chats and notes. Nothing leaves this computer, and one click removes it.
welcome-connect-text = Sign in to a mailbox. Its newest mail is here within seconds.
welcome-import = Import
welcome-import-text = Read mail from mbox, .eml or Maildir files, and chats exported from WhatsApp.

## Reader

conversation = Conversation
reader-empty = Nothing is open
reader-empty-text = Choose a conversation, or press { $key } and Enter.
reader-empty-open = Open the marked one
reader-nothing-text = A conversation is read here. The list beside it has none.
reader-older = Show older
reader-earlier = Load earlier messages
reader-earlier-loading = Loading earlier messages
act-unread = Mark unread
act-star = Star
act-unstar = Remove the star
act-mute = Mute
act-unmute = Unmute
show-sent = Show as sent
show-plain = Show as plain text
to-people = to { $people }
to-people-list = to { $people } · list { $list }
to-nobody = nobody
details-from = From
details-to = To
details-copy = Copy
details-date = Date
details-size = Size
confirmed = Confirmed domain
confirmed-tip = Your mail server confirms the domain of this address
quoted-text = Quoted text
signature = Signature
note-changed = changed { $time }
note-changed-by = { $who }, changed { $time }
todos = To-dos
todos-open = { $open } of { $count } to-dos open
todo-unnamed = Without words
page-pending = The content of this page has not been fetched yet; it is on its way.
page-older = This page was changed since it was last fetched; what it says now is on its way.
page-open = Open in { $platform }
message-deleted = Message deleted
message-edited = edited
message-answer = Reply to this message
chat-unread = Unread
chat-answers = Go to the message by { $who } that this answers
chat-answers-earlier = Earlier message
# How far a chat message of mine has come.
receipt-sent = Sent
receipt-delivered = Delivered
receipt-read = Read
receipt-failed = Not delivered
receipt-delayed = Delayed
receipt-relayed = Handed on
receipt-deleted = Deleted unread
receipt-ask = Ask for a read receipt
receipt-asked = { $who } asks to be told that you read this.
receipt-elsewhere = The answer goes to { $address }, which is not where the mail came from.
receipt-tell = Tell them
receipt-not-now = Not now
receipt-told = They are told that you read it.
delivery-list = What became of this mail
delivery-said = The server said: { $said }
delivery-again = Edit and send again
chat-newest = Go to the newest
reactions = Reactions
reaction-add = React
reaction-choose = Choose a reaction
reaction-with = React with { $emoji }
reaction-by = { $emoji } by { $people }
reaction-by-many = { $emoji } { $count }, by { $people }
op-queued = Waiting to be sent
op-sending = Sending
op-unknown = Checking whether it was sent
op-parked = Not sent
op-cancelled = Taken back
frame-title = Message from { $who }
frame-quoted = Quoted text
frame-picture = Image
frame-cut = This mail is very large; its end is not shown here.
frame-unknown = unknown sender
frame-taller = Taller
frame-shorter = Shorter
images-blocked = { $count ->
    [one] { $count } remote image was not loaded
   *[other] { $count } remote images were not loaded
}
images-load = Load
images-always = Always from { $sender }
images-always-done = Images from { $sender } are loaded from now on
images-loaded = Images are loaded.
images-senders = Senders whose images are always loaded
images-senders-text = Agreed to in a mail of theirs, and only for mails that your mail server does not doubt. Trackers are never loaded.
images-senders-none = None yet. “Always from …” above a mail whose pictures were held back adds its sender.
images-never = Loading them is switched off in the settings.
trackers-blocked = { $count ->
    [one] { $count } tracker blocked
   *[other] { $count } trackers blocked
}

## Meetings

meeting-request = Invitation
meeting-cancelled = This meeting was called off
meeting-reply = Answer to an invitation
meeting-notice = Appointment
meeting-unnamed = Without a name
meeting-outdated = A newer invitation to this meeting has come; answer that one.
meeting-over = This meeting is over.
meeting-repeats = { $when } · repeats
meeting-there = { $when } for who invites
meeting-organizer = From { $name }
meeting-people = With { $people }
meeting-answer = Your answer
meeting-accept = Accept
meeting-tentative = Maybe
meeting-decline = Decline
meeting-none = There is no invitation here that could be answered
meeting-accepted = You have accepted.
meeting-maybe = You have answered with “maybe”.
meeting-declined = You have declined.
meeting-theirs-accepted = { $name } has accepted.
meeting-theirs-maybe = { $name } has answered with “maybe”.
meeting-theirs-declined = { $name } has declined.
meeting-theirs-proposed = { $name } proposes this time instead.
meeting-claimed = Somebody else’s word about a meeting
meeting-disputed-off = It says that the meeting is off, but does not come from its organizer. Nothing has changed.
meeting-disputed = It changes the meeting, but does not come from its organizer. Nothing has changed.
meeting-all-day = All day
meetings-today = Next meetings

type-image = Image
type-audio = Sound
type-video = Video
type-pdf = PDF
type-calendar = Calendar
type-contact = Contact
type-mail = Mail
type-sheet = Spreadsheet
type-slides = Slides
type-document = Document
type-archive = Archive
type-text = Text
type-other = File

files = Files
files-count = { $count ->
    [one] { $count } file, { $size }
   *[other] { $count } files, { $size }
}
files-number = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
files-save-all = Save all
files-saved = { $count ->
    [one] { $count } file saved in { $path }
   *[other] { $count } files saved in { $path }
}
# The first of the files that could not be saved, with a sentence about it.
files-left-out = { $count ->
    [one] One file could not be saved in { $path }. { $first }
   *[other] { $count } files could not be saved in { $path }. { $first }
}
# What kind of file it is, and its size.
file-about = { $type } · { $size }
file-risky = { $about } · could run a program
file-elsewhere = { $about } · opens in the browser
file-coming = Fetching
file-coming-part = { $done } of { $size }
file-save = Save { $name }
file-open = Open { $name }
file-show = Look at { $name }
file-browse = Open { $name } in the browser, at { $host }
file-handed = { $name } was handed to your browser
file-opened = { $name } is being opened
file-saved = Saved as { $path }
file-ask-open = Open a file that can run a program?
file-ask-save = Save a file that can run a program?
file-ask-text = { $name } can run a program on this computer when it is opened. Go on only if you expected it from this sender.
file-ask-no-open = Do not open
file-ask-no-save = Do not save
file-ask-yes-open = Open it
file-ask-yes-save = Save it

later = Send later
later-when = When to send it
later-go = Send { $when }
later-no = Not later
sent-later = Will be sent { $when }

format = Formatting
format-switch = Formatting on or off
format-bold = Bold
format-italic = Italic
format-underline = Underline
format-bulletList = List
format-orderedList = Numbered list
format-blockquote = Quote
format-code = Code
format-link = Link
format-clear = Clear formatting
format-address = Address of the link
format-apply = Set the link

file-arriving = { $name } is being read
pasted-long = That is a long text: it goes along as a file.
pasted-refused = That text has { $count } characters; at most { $most } can be pasted here. Paste a part of it.
pasted-words = That has too much formatting to be read here: only its words were put in.
pasted-nothing = That has too much formatting to be read here, and nothing of it was put in. Copy a part of it.
recipients-more = { $count } more
recipients-fewer = Show fewer
recipients-left-out = { $count ->
    [one] One recipient was left out: a message goes to { $most } at most.
   *[other] { $count } recipients were left out: a message goes to { $most } at most.
}
signature-remove = Leave the signature out

# Signatures and templates.
kept-signature = Signatures
kept-signature-none = This account has no signature yet.
kept-signature-new = New signature
kept-template = Templates
kept-template-none = Write a text once and use it again: with a name, a date and more filled in.
kept-template-new = New template
kept-name = Name
kept-text = Text
kept-save = Keep it
kept-edit = Edit { $name }
kept-saved = Kept: { $name }
kept-removed = { $name } removed
kept-variables = Filled in when it is used: { $variables }

window-open = You can write freely for another { $left }.
window-closed = More than { $hours } hours have passed since they wrote last: only an approved template goes now.
window-unopened = They have not written to you yet: only an approved template goes.
window-choose = Choose a template
window-cancel = No template
window-kept = What you have written is kept. It can be sent as soon as they write again:
window-template = Template
window-none = This account has no approved template that could be sent from here. Make one in Meta's WhatsApp Manager.
window-problem = The templates cannot be fetched: { $why }
window-blank = { $name } ({ $part })
window-file-image = Choose the picture above it
window-file-video = Choose the film above it
window-file-document = Choose the document above it

choices = Choices
choices-switch = Offer answers to choose from
choices-about = Each is a button below your message.
choices-list-about = They open as a list below your message.
choices-one = Choice { $number }
choices-add = Add a choice
choices-list = Button that opens the list

channel = Another channel
channel-instead = Reply on { $platform } instead
channel-instead-mail = Write a mail instead ({ $platform })
channel-ask = On { $platform } there is { $who } ({ $handle }): the same name, another address. Is it the same person?
channel-yes = Write on { $platform }
channel-yes-mail = Write a mail ({ $platform })
channel-no = Stay here
file-ask-yes = Save it

link-ask = Follow this link?
link-refused = This link cannot be followed
link-goes = It goes to { $host }.
link-goes-written = It goes to { $host }, which is written { $written }.
link-sure = I know this address and want to open it.
link-copy = Copy the address
link-copied = Address copied
link-stay = Stay here
link-open = Open it

## Looking at files

preview = Preview
preview-place = { $at } of { $count }
preview-previous = Previous file
preview-next = Next file
preview-larger = Larger
preview-smaller = Smaller
preview-fit = Fit
preview-page = { $name }, page { $at } of { $count }
preview-broken = This file cannot be shown here. Open it in another program, or save it.
preview-locked = This PDF is locked with a password. Open it in another program to type it.

## Source of a mail

source-title = Source of this mail
source-cut = The first { $shown } of { $size } are shown. Save it to have all of it.
source-wrap = Wrap long lines
source-copy = Copy
source-copied = Source copied
source-save = Save as .eml
details-source = Source
details-source-show = Show the source

## On paper

print-about = { $source } · { $count ->
    [one] { $count } message
   *[other] { $count } messages
}
print-newest = The newest { $count } of { $total } messages. Show older ones before printing to have more.
print-files = Files: { $names }

## New page of notes

page-new = New page
page-section = Section
# A section, and the notebook it is in.
page-section-in = { $section } ({ $source })
page-title = Title
page-text = Text
page-hint = A line that begins with “- [ ] ” becomes a to-do.
page-create = Create page
page-made = Page created
page-nowhere = No notebook is connected that can be written to.

## Inspector

inspector = Person
inspector-close = Close the inspector
inspector-of = { $count ->
    [one] One person in this conversation
   *[other] { $count } people in this conversation
}
inspector-empty = Open a conversation to see who is in it.
inspector-nobody = Nobody but you is in this conversation.
person-maybe = May be the same person:
person-received = Received
person-sent = Sent
person-first = First contact
person-last = Last contact
person-search = Search their messages
person-threads = Other conversations
person-threads-none = No other conversations.
person-files = Shared files
person-files-none = No files yet.
person-file-tip = { $name }, { $size }
person-notes = Notes that mention them
person-notes-none = No notes mention this name.
place-people = People
people-count = { $count ->
    [one] 1 person
   *[other] { NUMBER($count) } people
  }
people-find = Find somebody
people-more = Show more ({ $count } left)
people-empty = Nobody yet
people-empty-text = Everybody you write to or hear from stands here, once there is a message.
people-none = Nobody of that name
people-none-text = Try the beginning of a name, an address or a number.
people-everybody = Show everybody
people-one = Person
people-back = Back to everybody
person-conversations = Conversations
person-conversations-none = No conversations.
person-answers = They answer
person-answered = You answer
person-within = mostly within { $time }
person-habit-of = { $count ->
    [one] Seen in 1 answer between the two of you
   *[other] Seen in { NUMBER($count) } answers between the two of you
  }
person-why-name = The same name
person-why-company = The same name at the same company
person-why-signature = The address stands in their signature
person-why-phone = The number stands in their signature
person-why-signs = It signs with an address or number of theirs
person-why-card = on the same card of your address book
person-vip = Important to you
person-beside = Also in your address book: { $handles }
person-open-mine = You owe them
person-open-theirs = They owe you
person-meetings = Next meetings
person-join = Same person
person-join-label = { $other } is the same person
person-apart = Somebody else
person-apart-label = { $other } is somebody else
person-joined = { $other } belongs to this person now
person-kept-apart = { $other } is somebody else
person-part = Separate { $other }
person-parted = { $other } is a person of its own again

## Composer

write = Write
answer = Answer
compose-close = Close and keep the draft
compose-elsewhere = You are writing this answer in the panel.
compose-reply-all = Reply all
compose-larger = Write in a larger panel
cannot-send = Inlet cannot send through { $source } ({ $platform }): it only reads there.
cannot-send-kept = This is switched off; what was kept of it can be read and found. Switch it on again on the account's card to write here.

# The line at the top of the composer: what is written, to whom, on which channel, from which account.
heading-note = Add to { $page } in { $platform }
heading-chat = Reply to { $whom } on { $platform }
heading-group = Write to { $whom } on { $platform }
heading-start = Write on { $platform }
heading-forward = Forward
heading-forward-from = Forward from { $from }
heading-forward-to = Forward to { $to }
heading-forward-from-to = Forward from { $from } to { $to }
heading-reply = Reply by mail
heading-reply-from = Reply by mail from { $from }
heading-reply-to = Reply to { $to } by mail
heading-reply-from-to = Reply to { $to } by mail from { $from }
heading-mail = Mail
heading-mail-from = Mail from { $from }
heading-mail-to = Mail to { $to }
heading-mail-from-to = Mail from { $from } to { $to }
this-page = this page
this-chat = this chat
the-author = the author

field-from = From
field-to = To
field-cc = Cc
field-bcc = Bcc
field-cc-bcc = Cc, Bcc
field-subject = Subject
field-number = To the number
recipients-all = Reply to all instead
recipients-author = Only to the author
recipients-history = People from your history
recipient-wrong = not an address
recipient-new = first time
remove = Remove { $what }

text-message = Message
text-note = Text to add
placeholder-note = Add to this page
placeholder-answer = Write an answer
placeholder-message = Write your message
quote-forwarded = Forwarded message
quote-along = Send it along

send = Send
append = Append
sending = Sending…
attach-most = Attach a file, at most { $size }
attach-files = Files to attach
attached-files = Attached files
# How much of the limit the attached files take.
attached-of = { $size } of at most { $limit }
pasted-file = pasted
new-line-hint = { $keys } for a new line
discard = Discard this draft
discarded = Draft discarded
draft-unsaved = Not saved yet
draft-saving = Saving…
draft-saved = Draft saved
draft-failed = Not saved
draft-problem = This draft is not saved yet. { $why }
draft-elsewhere = This draft was changed or removed in another program. What stands here is kept, as a draft of its own.
draft-newer = Show the other one
draft-begun = Draft from another program:
draft-go-on = Go on writing
forward-problem = Not every file of the forwarded mail could be taken along. { $why }
forward-again = { $problem } Send once more to send it without.
sent-outbox = Sent to Outbox
added-outbox = Added to Outbox

missing-text = Write something first.
missing-address = “{ $recipient }” is not a mail address. Correct it or remove it.
missing-recipient = Say who it goes to: add an address to To.
missing-number = Say who it goes to: give the number with its country in front.
file-unreadable = { $name } could not be read. Is it a folder, or was it moved?
file-refused = Files cannot be sent here.
file-too-large = { $name } has { $size }; at most { $limit } can be sent here. Share a link to it instead.
files-too-large = Together that would be { $size }; at most { $limit } can be sent here. Remove a file or send two messages.

ask = Before it is sent
ask-attachment = You write of an attachment, but no file is attached.
ask-attachment-instead = Attach a file
ask-many = { $count ->
    [one] This goes to { $count } person.
   *[other] This goes to { $count } people.
}
ask-many-instead = Only to { $what }
ask-many-yes = Send to all { $count }
ask-account = They wrote to { $what }, and this goes out from another account.
ask-account-instead = Send from { $what }
ask-stranger = You have never written to { $what } or to anybody there. Is the address right?
ask-variable = Not everything is filled in: { $what }
ask-variable-instead = Fill it in
ask-subject = This mail has no subject.
ask-subject-instead = Write a subject
ask-empty = This message is empty.
ask-yes = Send anyway
ask-no = Go on writing

## Drafts

drafts-text = What you have written and not sent. Everything is saved while you type.
drafts-empty = No drafts
drafts-empty-text = What you begin to write is kept here until you send it.
drafts-compose = Write a mail
drafts-nobody = Nobody yet
drafts-nothing = Nothing written yet
drafts-changed = Changed elsewhere, both are kept
drafts-begun = From another program
# For screen readers, before the recipients.
drafts-source = { $source }:
drafts-discard = Discard the draft to { $to }

## Outbox

outbox-text = Everything on its way out: messages, and changes your accounts have not heard of yet.
outbox-finished = Show finished
outbox-stuck = { $count ->
    [one] One entry needs you.
   *[other] { $count } entries need you.
} Nothing is lost: try again, change it, or cancel it.
outbox-empty = Nothing is waiting
outbox-empty-text = What you send or change stands here until your account has confirmed it.
outbox-log = Delivery log of { $title }
outbox-untried = It was not tried yet.
outbox-attempts = Attempts
outbox-key = Key:
outbox-retry = Retry
outbox-edit = Edit
outbox-cancelled = Cancelled
outbox-cancelled-message = Cancelled. What you wrote is in Drafts.
state-queued = Waiting
state-sending = Sending
state-under-way = Under way
state-unknown = Checking
state-done = Done
state-sent = Sent
state-parked = Needs you
state-cancelled = Cancelled
change-send = Message
change-flags = Change of marks
change-move = Move
change-label = Label
change-expunge = Removal
change-draft = Draft on the server
change-tick = To-do
change-rsvp = Answer to an invitation
change-react = Reaction
try-checking = Looking whether it arrived
try-now = Tries again now
try-soon = Tries again in { $seconds } s
# $when such as "in 9 min", $time such as "14:05".
try-later = Tries again { $when } ({ $time })
goes-now = Goes out now
goes-soon = Goes out in { $seconds } s
goes-later = Goes out { $when } ({ $time })
attempts = { $count ->
    [one] { $count } attempt
   *[other] { $count } attempts
}
# How an attempt ended.
outcome-queued = queued
outcome-done = Delivered
outcome-auth_needed = auth needed
outcome-throttled = throttled
outcome-offline = offline
outcome-transient = transient
outcome-cursor_expired = cursor expired
outcome-unknown = unknown
outcome-permanent = permanent

## Accounts

accounts-text = Where your mail, chats and notes come from.
accounts-empty = No account yet
accounts-empty-text = Connect a mailbox, or bring mail in from files.
accounts-import = Import files
accounts-files = Mail or chats in files?
accounts-files-import = Import mbox, .eml, Maildir or WhatsApp exports
account-demo = The demo world. Nothing leaves this computer.
account-check = Check
account-checking = Checking…
account-pause = Pause
account-resume = Resume
account-paused = { $account } is paused
account-resumed = { $account } fetches again
account-password = Change password
account-remove = Remove
account-sources = Sources of { $account }
source-heard = last heard { $ago }
source-not-heard = not heard yet
source-next-try = next try { $ago }
warned = { $platform } says ({ $at }): { $reason }
missed-time = from { $since } to { $until }
missed-github = Inlet did not hear GitHub { $times }, and GitHub sends nothing again by itself. At GitHub, open the webhook, then Recent Deliveries, and choose Redeliver for what it lists of that time.
missed-jira = Inlet did not hear Jira { $times }, longer than Jira tries again. Look there for what happened in that time.
missed-seen = Dismiss
unreadable = { $count ->
    [one] Something from { $platform } could not be read and is shown nowhere; it came { $at }. { $reason } Everything else goes on; look there if you miss something.
   *[other] { $count } things from { $platform } could not be read and are shown nowhere; the newest came { $at }. { $reason } Everything else goes on; look there if you miss something.
}
unreadable-seen = Seen
source-kept = { $count } kept
password-new = New password or app password
password-missing = Type the new password.
save = Save
saving = Saving…
remove-title = Remove { $account }?
remove-text = { $count ->
    [one] One item
   *[other] { $count } items
}, the search over them, drafts and whatever waits in the outbox of this account go from this computer.
remove-demo = Connect an account whenever you like; the demo can be brought back.
remove-files = The files it was read from stay where they are.
remove-mail = Nothing is deleted on the server, and the password leaves the keyring.
remove-whatsapp = WhatsApp keeps no copy that could be fetched again: what is removed here is gone, except on your phone.
remove-no = Keep it
remove-yes = Remove
remove-busy = Removing…
removed = { $account } was removed from this computer

## Connecting

connect-text = Everything stays on this computer. The password goes into its keyring and to your mail server, nowhere else.
connect-done = Done
connect-steps = Steps
step-choose = Choose
step-sign-in = Sign in
step-test = Test
step-connect = Connect
step-numbered = { $number }. { $step }
connect-form = Mail account
connect-what = What to connect
connect-mail = Mail (IMAP)
connect-mail-text = Gmail, iCloud, Fastmail, Yahoo and any other mail server
connect-google = Google
connect-google-text = Gmail and Google Workspace, signed in to at Google's own page
connect-microsoft = Microsoft
connect-microsoft-text = Outlook, Teams and OneNote, signed in to at Microsoft's own page
connect-slack = Slack
connect-slack-text = A workspace, by an app you make there
connect-files = Files
connect-files-text = mbox, .eml, Maildirs, WhatsApp exports and address books on this computer
connect-testing = Testing the connection…
connect-works = Everything works. Connect to fetch your mail.
connect-test = Test connection
connect-test-again = Test again
connect = Connect
connecting = Connecting…
connect-anyway = Connect anyway
check-lines = Connection test
check-done = Done:
check-failed = Failed:
about = What Inlet does with a mailbox
about-does = What Inlet does
about-does-fetch = Fetches your mail, newest first, and keeps it here so that it is there offline.
about-does-act = Sends, archives, moves, deletes and marks; your other mail programs see the same.
about-does-search = Searches it together with your chats and notes.
about-not = What it does not
about-not-elsewhere = Nothing is sent anywhere but to your mail server.
about-not-calendar = Calendars and address books stay where they are.
about-needs = What it needs
about-needs-password = Your address and password.
about-needs-app-password = Your address and password; Gmail, iCloud, Yahoo and Fastmail want an app password instead.
about-needs-imap = IMAP switched on, which it usually is.
advice-how = How to get it
sign-in-address = Mail address
sign-in-password = Password
sign-in-app-password = Password or app password
sign-in-hide = Hide the password
sign-in-show = Show the password
sign-in-name = Your name
sign-in-name-hint = Shown to the people you write to. May stay empty.
sign-in-servers = Servers and sign-in
sign-in-imap = IMAP server
sign-in-smtp = SMTP server
sign-in-smtp-hint = Leave it empty to read only.
sign-in-port = Port
sign-in-protection = Protection
sign-in-user = User name
sign-in-user-hint = Only where it is not the address.
sign-in-ca = Certificate authority
sign-in-ca-hint = Path of a PEM file, where your server's certificate comes from an authority of your own.
tls-implicit = TLS from the start (usual)
tls-starttls = STARTTLS
tls-loopback-plain = None (only for a server on this computer)
fault-address = Type your mail address.
fault-address-part = This is not a whole mail address. It looks like name@example.org.
fault-password = Type the password, or the app password your provider gave you.
fault-imap = Type the name of the IMAP server. Your provider's help pages name it.
# $usual is a port number.
fault-port = A port is a number from 1 to 65535; { $usual } is usual.
fault-plain = Without TLS only a server on this computer is allowed: localhost or 127.0.0.1.
arrived = { $account } is connected
arrived-all = All { $count } mails are here.
arrived-some = Your newest mails are here; the rest follows while you read.
arrived-none = The first mails are coming.
arrived-items = { $count ->
    [one] The only item is here.
   *[other] All { $count } items are here.
}
arrived-items-some = The newest is here; the rest follows while you read.
arrived-items-none = The first of it is coming.
arrived-open = Open the inbox

## Signing in at a provider

# $provider is Google or Microsoft.
waiting-browser = Sign in at { $provider } in your browser
waiting-device = Sign in at { $provider } on any device
waiting-browser-text = Its page has just opened. Inlet goes on by itself when you have signed in there.
# $minutes is how long the code is good for.
waiting-device-text = Open this page and type the code within { $minutes } minutes; Inlet goes on by itself.
waiting-open = Open the page
waiting-code = Use a code instead
waiting-cancel = Give up
client-id = Client id
client-id-missing = Give the client id of your registration; the guide says how to get one.
client-secret = Client secret
client-secret-hint = Google gives one with the client id of a desktop app. It is kept with your passwords.
authorize-url = Page to sign in at
token-url = Address for tokens
google-form = Google account
google-registration = Google lets only registered apps read mail, and Inlet has no registration of its own yet, so it needs one of yours; an app password under Mail (IMAP) does without.
provider-guide = How to register
google-address-hint = Only where it is not the one that signs in.
google-sign-in = Sign in with Google
sign-in-again = Sign in again
google-beginning = Connecting with Google…
provider-works = Everything works.
about-google = What Inlet does with a Google account
about-google-mail = Reads and sends your mail by IMAP and SMTP, newest first, and keeps it here.
about-google-password = It never sees your password; Google's page asks for that.
about-google-elsewhere = No Drive, no contacts: it asks for mail alone.
about-google-registration = A registration as a desktop app at Google: client id and secret.
about-google-consent = Your consent on Google's page; you can withdraw it in your Google account.
about-google-workspace = In a Workspace, an administrator may have to allow the app first.
sign-in-code = Sign in with a code
microsoft-form = Microsoft account
microsoft-registration = Microsoft lets only registered apps ask, and Inlet has no registration of its own yet, so it needs one of yours: free, and made in five minutes.
microsoft-sign-in = Sign in with Microsoft
microsoft-beginning = Connecting with Microsoft…
microsoft-advanced = Organisation, cloud and addresses
microsoft-tenant = Organisation (tenant)
microsoft-tenant-hint = “common” lets anybody sign in, “organizations” work and school, “consumers” personal accounts; else the domain or id of one organisation.
microsoft-host = Page to sign in at
microsoft-host-hint = Other clouds have another one, such as https://login.microsoftonline.us.
microsoft-api-root = Address of Graph
microsoft-api-root-hint = Follows from the page to sign in at; only the cloud of the US defence department has to be named.
switch-on = What to switch on
switch-on-missing = Switch on at least one.
asks-outlook = Asks to read, change and send your mail, and to read and change your mailbox settings (for its categories) and your calendar (to answer invitations).
asks-teams = Asks to read your chats and write in them. Work and school accounts only.
asks-onenote = Asks to read and write your notebooks.
channels = Channels of your teams
asks-channels = Asks to read your teams, their channels and what is written there, and to write in them.
consent-you = You consent to it yourself, unless your organisation leaves that to administrators.
consent-administrator = An administrator of your organisation has to consent.
remedy-tenant = Correct the organisation
remedy-registration = Correct the registration
remedy-administrator = Copy the page for your administrator
administrator-copied = Copied. Send it to your administrator, and sign in again once they have consented.
about-microsoft = What Inlet does with a Microsoft account
about-microsoft-fetch = Fetches what you switch on, newest first, and keeps it here so that it is there offline.
about-microsoft-act = Sends and answers, files and marks; your other programs see the same.
about-microsoft-search = Searches mail, chats and notes together.
about-microsoft-password = It never sees your password; Microsoft's page asks for that.
about-microsoft-teams = Teams is asked only while you look, because Microsoft allows no more; a setting changes that.
about-microsoft-elsewhere = No OneDrive, no contacts, nobody else's mailbox.
about-microsoft-registration = A registration at Microsoft: its client id. There is no secret.
about-microsoft-consent = Your consent on Microsoft's page, to what is switched on and nothing else; you can withdraw it in your Microsoft account.
about-microsoft-administrator = In many organisations an administrator has to consent for everybody, once.
switches = What is switched on of { $account }
switch-last = The only one; pause or remove the account instead.
channels-off-title = Switch off the channels of { $account }?
channels-off-text = Your chats stay. What was fetched of channels can stay, to be read and found, or go from this computer.
channels-are-off = The channels of { $account } are switched off
channels-forget-title = Remove what the channels of { $account } have left?
channels-are-kept = The channels of { $account } are switched off; what they brought stays
channels-are-forgotten = What the channels of { $account } had left is gone from this computer
channels-on-title = Read channels too
switch-forget = Remove what it left
switch-on-title = Switch on { $source }
switched-on = { $source } of { $account } is switched on
switch-off-title = Switch off { $source } of { $account }?
switch-forget-title = Remove what { $source } of { $account } has left?
switch-off-text = { $count ->
    [0] Nothing of it is here yet.
    [one] One item of it is on this computer. It can stay, to be read and found, or go together with its drafts and whatever waits in the outbox.
   *[other] { $count } items of it are on this computer. They can stay, to be read and found, or go together with their drafts and whatever waits in the outbox.
}
switch-off-server = Nothing is deleted at Microsoft, and it can be switched on again.
switch-off-no = Leave it on
switch-off-keep = Switch off, keep what is here
switch-off-remove = Remove from this computer
switched-off = { $source } of { $account } is switched off, and what it brought is gone from this computer
switched-off-kept = { $source } of { $account } is switched off; what it brought stays
switched-off-forgotten = What { $source } of { $account } had left is gone from this computer

connect-github = GitHub
connect-github-text = What is about you in a repository or an organisation, by a webhook
connect-jira = Jira
connect-jira-text = What is about you on a site, by a webhook
hook-form = Connect { $platform }
hook-login = Your login
hook-login-hint = Without the @.
hook-account = Your account ID
hook-account-hint = It ends the address of your profile. On a server of your own: your user name.
hook-url = Address of your tunnel
hook-url-hint = It has to lead to { $listen } on this computer.
hook-secret = Secret
hook-secret-hint = Type it at { $platform } too: it signs each event with it.
hook-there = At { $platform }, add a webhook with this secret, in JSON, that sends to { $address }.
hook-guide = Which events to choose
hook-works = The settings are complete. After connecting, Check in the accounts tries whether events of { $platform } can arrive.
about-hook = What Inlet does with these events
about-hook-tells = Tells when you are asked to review, assigned or mentioned, and what is said about what is yours.
about-hook-threads = Keeps one conversation for each issue or pull request, with its link.
about-hook-writes = It writes nothing there: you answer by the link.
about-hook-past = What happened before, or while Inlet was closed, may not come; a relay of yours keeps what happens meanwhile.
about-hook-webhook = A webhook that you, or an administrator, set up there.
remove-hook = It stays there. Delete the webhook there too.

connect-channel = Channel
connect-channel-text = Only sends: Slack webhook, Telegram, signed webhook, or mail to one address
channel-form = Connect a channel
channel-kind = What it is
channel-webhook = Signed webhook
channel-webhook-text = Any web address, signed as Standard Webhooks say.
channel-slack_webhook = Slack webhook
channel-slack_webhook-text = Writes into one channel of a workspace, without signing in to it.
channel-telegram = Telegram bot
channel-telegram-text = Writes into one chat the bot is in.
channel-smtp = Mail
channel-smtp-text = Writes to one address, through a server for sending.
channel-missing = Fill this in.
channel-number = Write a whole number.
channel-kept = Leave it empty to keep what is stored.
channel-url = Address
channel-url-hint = It begins with https://. A server on this computer may be reached by http://127.0.0.1.
channel-key = Signing secret
channel-key-hint = Give it to the receiver first: it tells our messages from anybody else's.
channel-address = Webhook URL
channel-address-hint = In your app at api.slack.com/apps under Incoming Webhooks. Whoever has it can write there.
channel-token = Token of the bot
channel-token-hint = @BotFather tells it when you make a bot.
channel-chat = Chat
channel-chat-hint = The id of the chat, or @name of a public channel. The bot has to be in it.
channel-from = From address
channel-to = To address
channel-host = Server for sending
channel-port = Port
channel-password = Password
channel-more = Name and limits
channel-name = What to call it
channel-most = Most messages in a minute
channel-most-hint = Empty: as many as the platform takes.
channel-root = Root of the Bot API
channel-tls = Protection
channel-user = Login, where it is not the from address
channel-ca = Certificate authority to trust as well (PEM file)
channel-works = The test message was taken: look whether it is there.
channel-change = Change settings
channel-log = Delivery log
channel-log-empty = Nothing has been told through it yet.
channel-last = last delivered { $ago }
channel-never = nothing delivered yet
channel-none = None
delivery-queued = Queued
delivery-sent = Sent
delivery-delivered = Delivered
delivery-read = Read
delivery-gathered = Told in one message with others
delivery-failed = Failed
delivery-cancelled = Taken back
arrived-channel = Rules and notifications can be sent there now.
arrived-accounts = Show accounts
about-channel = What Inlet does with a channel
about-channel-tells = Sends notifications there, as your settings and rules say, and nothing else.
about-channel-test = Sends a few words when you test it.
about-channel-log = Keeps a log of each message: queued, sent, delivered or failed.
about-channel-reads = It reads nothing, and answers there do not come here.
about-channel-twice = It sends nothing twice because an answer was lost, unless the receiver can tell.
about-channel-secret = What it takes to send there; it is kept in your keyring.
about-channel-address = An address on the internet or on this computer; none inside your network.
remove-channel = What was sent through it stays where it is; its log goes.

connect-whatsapp = WhatsApp Business
connect-whatsapp-text = A number of a business account, through Meta's Cloud API
whatsapp-form = Connect a WhatsApp number
whatsapp-missing = Copy this from Meta's pages.
whatsapp-number = Phone number ID
whatsapp-number-hint = In your Meta app under WhatsApp, API setup. It is an id, not the number itself.
whatsapp-business = WhatsApp Business account ID
whatsapp-token = Access token
whatsapp-token-hint = Of a system user, with the permissions whatsapp_business_messaging and whatsapp_business_management.
whatsapp-secret = App secret
whatsapp-secret-hint = In your Meta app under App settings, Basic. Meta signs each message with it.
whatsapp-url = Address of your tunnel
whatsapp-url-hint = It has to lead to { $listen } on this computer. Inlet tells Meta to send there; without it, set the address in your Meta app.
whatsapp-more = Where Inlet listens
whatsapp-listen = Address on this computer
whatsapp-root = Root of the API
whatsapp-works = The token and the number work. After connecting, Check in the accounts tries whether messages arrive.
account-relay = Relay
relay-form = A relay for this account
relay-text = A relay is a program on a host of yours that is always on. It keeps messages, sealed for your computers, until each of them has read them. Without one a tunnel to this computer is enough.
relay-piece = For the relay's file, from this computer
relay-copy = Copy
relay-copied = Copied.
relay-nats = Address of its NATS
relay-nats-hint = It begins with tls://, or on this computer with nats://.
relay-nats-missing = Say where the relay's NATS is.
relay-login = Login at NATS
relay-login-hint = User and password with a colon between them, a token, a key, or the text of a credentials file. Leave it empty to keep the one that was given.
relay-url = Address the relay receives at
relay-url-hint = Inlet tells Meta to send there.
relay-url-hook = At { $platform }, change the address of the webhook to { $address }.
relay-connect = Read from this relay
relay-connecting = Trying…
relay-off = Read no relay any more
relay-ending = Taking the rest…
relay-leave = Leave what it has, and read it no more
about-whatsapp = What Inlet does with a WhatsApp number
about-whatsapp-receives = Receives messages, files, reactions and receipts on this computer, each verified by its signature.
about-whatsapp-sends = Sends texts, files, answers and reactions, and templates after 24 hours.
about-whatsapp-private = A private WhatsApp cannot be connected: it has no interface for other programs.
about-whatsapp-late = Messages from before the number was connected do not come.
about-whatsapp-app = An app of your own at Meta, with WhatsApp in it.
about-whatsapp-token = A token of a system user, and the secret of the app.
about-whatsapp-tunnel = A tunnel that leads to this computer, such as Cloudflare's or Tailscale's; no server.

account-signing-in = Signing in…
account-registration = Registration
correct-title = Organisation and registration of { $account }
correct-text = They are kept when the same person has signed in with them; until then everything stays as it is.
account-signed-in = { $account } is signed in

## Slack

slack-form = Workspace of Slack
slack-app = Slack lets only an app of your own read at the speed people write. You make it once, in your workspace, and paste its tokens here.
slack-guide = How to make it
slack-page = Sign in at Slack’s page
slack-client-id-hint = Of your app, with PKCE switched on and http://localhost:47113 as its redirect URL; the guide says how.
slack-sign-in = Sign in with Slack
slack-paste = Or paste the tokens of your app
slack-app-token-missing = Paste the app-level token of your app.
slack-token = User token
slack-token-hint = The User OAuth Token of your app; it begins with xoxp-. It is kept in the keyring.
slack-token-kept = Leave it empty to keep the one that is there.
slack-token-missing = Paste the User OAuth Token of your app.
slack-token-other = That is another token: this one begins with xoxp-.
slack-app-token = App-level token (optional)
slack-app-token-hint = Begins with xapp-. With it news arrives at once; without it Inlet asks every few minutes.
slack-app-token-other = That is another token: this one begins with xapp-.
slack-more = Another Slack
slack-root = Address of the interface
slack-root-hint = Only for government workspaces: https://slack-gov.com/api
slack-connect = Connect workspace
slack-connecting = Connecting the workspace…
slack-works = Everything works.
about-slack = What Inlet does with a workspace of Slack
about-slack-reads = Reads channels, private channels, direct and group messages you are in, with threads, files and reactions.
about-slack-writes = Answers in conversations and threads as you, reacts, sends files, and marks as read.
about-slack-reactions = It changes no channels.
about-slack-threads = Without the app-level token it overlooks answers in old threads.
about-slack-app = An app you make at api.slack.com/apps; the guide has its settings ready to paste.
about-slack-live = For news at once, an app-level token as well.
about-slack-admin = In many workspaces an administrator has to approve the app.
account-tokens = Change tokens

## Importing

import-title = Import files
import-text = mbox files, .eml files, Maildirs, chats exported from WhatsApp (.txt or .zip), or folders of those. They are read, never changed.
import-paths = Files or folders, one path in each line
import-missing = Type the path of a file or folder.
import-name = Call it
import-name-usual = Imported
import-chats = For chats exported from WhatsApp
import-me = Your name in them
import-me-hint = Only where Inlet cannot tell which of the names is yours.
import-dates = How they write dates
import-dates-hint = Only where Inlet says that it could not tell.
import-dates-found = Find out
import-dates-day = Day, month, year
import-dates-month = Month, day, year
import-dates-year = Year, month, day
import-reading = Reading…
import-start = Import
import-done = { $account }: { $count ->
    [one] one item is here.
   *[other] { $count } items are here.
}
import-contacts-done = Address book read: { $added } new, { $changed } changed, { $known } known already.
import-contacts-skipped = { $count ->
    [one] One card could not be read:
   *[other] { $count } cards could not be read:
}
import-people = Show people
import-show = Show it

## Live regions

toasts = Messages

## Settings

settings = Settings
settings-find = Search the settings
settings-sections = Sections
settings-accounts = Open the accounts
settings-notices = Open the log, and choose sources
settings-found = { $count ->
    [0] No setting fits. Try another word.
    [one] Found in { $count } section
   *[other] Found in { $count } sections
}
setting-reset = Reset
setting-reset-name = Reset: { $setting }
# $setting is a technical name.
setting-fixed = { $setting } is set outside the window and cannot be changed here.
setting-number = Enter a whole number from { $least } to { $most }.
origin-default = Default
origin-file = Changed, kept in config.toml
origin-environment = Set by { $variable } in the environment; it cannot be changed here.
origin-flag = Given as a flag when Inlet was started; it cannot be changed here.

section-accounts = Accounts and health
section-accounts-text = Who you are signed in as, how each source is, and how often it is asked.
section-inbox = Inbox and tabs
section-inbox-text = Tabs above the list and searches in the rail, as you like them.
section-rules = Rules
section-rules-text = What happens by itself with what comes in, looked at from the top.
section-actions = Next actions
languages-read = Requests, promises and dates are read in English, German, French, Spanish, Portuguese, Italian and Dutch. Of other languages only question marks are read.
section-actions-text = What Today and Waiting suggest, what each rule weighs, and what was learnt. All of it is worked out on this computer.
section-composing = Composing
section-composing-text = Writing and sending.
section-index = Search and index
section-index-text = What of each source can be found, and building the index anew.
section-notifications = Notifications and tray
section-notifications-text = What is told, when, how loud; the tray, and the start of the computer.
section-privacy = Privacy
section-privacy-text = What may leave this computer, and who may look: the lock and its passphrase.
section-appearance = Appearance
section-appearance-text = Colours, sizes, panes and language.
section-keyboard = Keyboard
section-keyboard-text = Keys and shortcuts: a preset to start from, and keys of your own.
section-data = Data
section-data-text = The folder everything is kept in, for how long, export into files, backup and check.
section-automation = Connectors and automation
section-automation-text = Where Inlet can tell something, who tells Inlet something, and what other programs may ask.
section-diagnostics = Diagnostics
section-diagnostics-text = Speed, figures, and a bundle for whoever looks into a problem.
section-about = About and licences
section-about-text = What Inlet is made of, and whose work that is.
about-version = Inlet { $version }
about-text = Inlet is free software under the MIT licence or the Apache licence 2.0, as you like. It stands on the work of many others; what of it ships with Inlet is listed here, each part with its own licence.
automation-connectors = Channels and hooks
automation-connectors-text = Notifications can go to a channel. GitHub and Jira tell Inlet by their webhooks.
automation-none = None is connected.
automation-connect = Connect one
automation-programs = Other programs
automation-programs-text = A script reads, searches and proposes with the program “inlet” in a terminal. What it proposes waits in Today for your word; nothing of it is done before.
automation-waiting = { $count ->
    [0] Nothing is proposed. A script proposes with “inlet actions propose”.
    [one] One proposal waits.
   *[other] { $count } proposals wait.
}
automation-today = Open Today
licences-find = Search the parts
licences-found = { $count ->
    [one] One part
   *[other] { $count } parts
}
licences-none = No part is called so, or has such a licence.
licences-page = In the window
licences-engine = In the engine
licences-fonts = Fonts and tables for PDF files
licences-loading = Reading the list…
licences-missing = The list could not be read: reload the window and look again.
licences-no-text = This part brings no text of its own. Its licence is the one that is named here.

setting-sync-poll_seconds = Ask for news every … seconds
setting-sync-poll_seconds-text = For folders whose server does not tell by itself, 0 to 3600. Less than 5 counts as 5.
setting-oauth-google_client_id = Client id at Google
setting-oauth-google_client_id-text = Of your own registration; the sign-in with Google starts from it.
setting-oauth-microsoft_client_id = Client id at Microsoft
setting-oauth-microsoft_client_id-text = Of your own registration; the sign-in with Microsoft starts from it.
setting-oauth-slack_client_id = Client id at Slack
setting-oauth-slack_client_id-text = Of your own app; the sign-in with Slack starts from it.
setting-oauth-microsoft_tenant = Organisation at Microsoft
setting-oauth-microsoft_tenant-text = common, organizations, consumers, or the domain or id of one organisation.
setting-teams-background_minutes = Ask Teams while you look elsewhere
setting-teams-background_minutes-text = Microsoft asks apps not to poll Teams, and may slow down or block those that do. When off, Teams is asked when this window comes to the front, when a chat is opened and after you did something there.
choice-teams-background_minutes-off = Off
choice-teams-background_minutes-15 = Every 15 minutes
choice-teams-background_minutes-30 = Every 30 minutes
choice-teams-background_minutes-60 = Every hour
choice-teams-background_minutes-240 = Every 4 hours
setting-actions-working_days = Days you work
setting-actions-working_days-text = Waiting and lateness are counted in working days. Such as: mon tue wed thu fri.
setting-actions-working_hours = Working hours
setting-actions-working_hours-text = Times to meet are offered within them, such as 09:00-17:00.
setting-actions-holidays = Holidays
setting-actions-holidays-text = Days on which you do not work: 12-25 for every year, 2026-05-14 for one. Empty: none.
setting-actions-days = Look back … days
setting-actions-days-text = What is older is not suggested any more, unless it is due later. 1 to 400.
setting-send-undo_seconds = Undo sending for … seconds
setting-send-undo_seconds-text = How long a message waits in the outbox and can be taken back, 0 to 30.
setting-compose-sync_drafts = Keep drafts on the server
setting-compose-sync_drafts-text = Drafts of mail lie in the Drafts folder of their account too, where your other programs find them, until you send or discard them.
setting-compose-enter_sends = Enter sends chat messages
setting-compose-enter_sends-text = Shift+Enter begins a new line. When off, Enter does, and Ctrl or ⌘ with Enter sends.
setting-notifications-enabled = Notify about new messages
setting-notifications-enabled-text = While you do something else.
setting-notifications-preview = What a notification shows
setting-notifications-preview-text = Others may see your screen.
choice-notifications-preview-full = Sender and subject
choice-notifications-preview-source = Only where it came from
setting-notifications-direct = Messages to you
setting-notifications-direct-text = Written to you and at most a few others.
choice-notifications-direct-normal = With sound
choice-notifications-direct-silent = Silently
choice-notifications-direct-off = Not at all
setting-notifications-group = Messages to several people
setting-notifications-group-text = Groups, copies, and mails to many.
choice-notifications-group-normal = With sound
choice-notifications-group-silent = Silently
choice-notifications-group-off = Not at all
setting-notifications-list = Lists and machines
setting-notifications-list-text = Newsletters, mailing lists, automatic mails.
choice-notifications-list-normal = With sound
choice-notifications-list-silent = Silently
choice-notifications-list-off = Not at all
setting-notifications-digest = Daily digest
setting-notifications-digest-text = Once a day, quietly: what there is to do.
setting-notifications-digest_at = Time of the digest
setting-notifications-digest_at-text = A time such as 08:00. If the computer sleeps then, it comes when it wakes up.
setting-notifications-quiet_from = Quiet hours begin
setting-notifications-quiet_from-text = A time such as 22:00. Empty: no quiet hours.
setting-notifications-quiet_until = Quiet hours end
setting-notifications-quiet_until-text = A time such as 07:00.
setting-notifications-per_minute = Most notifications in a minute
setting-notifications-per_minute-text = 1 to 60. The rest becomes one summary.
setting-notifications-channel = Send notifications to a channel too
setting-notifications-channel-text = Connect one under Accounts first.
setting-notifications-channel_for = What goes to that channel
setting-notifications-channel_for-text = As loud as the settings above make it.
choice-notifications-channel_for-normal = What is told with a sound
choice-notifications-channel_for-all = Silent ones as well
setting-window-close_to_tray = Stay in the tray when the window is closed
setting-window-close_to_tray-text = Where there is a tray.
setting-window-autostart = Start with the computer
setting-window-autostart-text = Inlet starts in the tray when you sign in.
setting-privacy-lock = Lock the window
setting-privacy-lock-text = Asks for a passphrase, chosen below. It keeps somebody who passes by out of the window; it encrypts nothing, and a terminal of your account is not locked.
choice-privacy-lock-never = Only by hand
choice-privacy-lock-start = When Inlet starts
choice-privacy-lock-1 = At the start and after 1 minute without you
choice-privacy-lock-5 = At the start and after 5 minutes without you
choice-privacy-lock-15 = At the start and after 15 minutes without you
choice-privacy-lock-60 = At the start and after an hour without you
setting-data-keep_files = Keep downloaded files
setting-data-keep_files-text = Files of mails and notes, after they were opened last, where their server hands them out again: then they are fetched when you open them. Files of chats, imports and the demo always stay.
setting-data-keep_logs = Keep logs
setting-data-keep_logs-text = What became of what you sent, what rules did, and why you were told of a message or not.
choice-data-keep_files-forever = Forever
choice-data-keep_files-365 = 1 year
choice-data-keep_files-90 = 90 days
choice-data-keep_files-30 = 30 days
choice-data-keep_logs-forever = Forever
choice-data-keep_logs-365 = 1 year
choice-data-keep_logs-90 = 90 days
choice-data-keep_logs-30 = 30 days
keep-title = What is kept here
keep-all = Everything in the data folder
keep-files = Downloaded files
keep-files-now = { $size } in { $count ->
    [one] { $count } file
   *[other] { $count } files
}
keep-logs = Logs
keep-logs-now = { $size } in { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}
keep-frees = { $choice }: would free { $size } now
keep-frees-none = { $choice }: would free nothing now
keep-stays = { $size } stays whatever you choose: it may be had from nowhere else.
setting-privacy-typing = Show that you are writing
setting-privacy-typing-text = Others see it while you answer them, where the platform passes that on; it also tells that you have read them. Today that is WhatsApp.
setting-privacy-remote_images = Remote images
setting-privacy-remote_images-text = Loading them tells the sender when and where a mail was read.
choice-privacy-remote_images-ask = Ask for each mail
choice-privacy-remote_images-never = Never load
setting-privacy-receipts = Read receipts
setting-privacy-receipts-text = Some senders ask to be told that you have read their mail. Nothing is ever told by itself, and nothing of what lists and machines send.
choice-privacy-receipts-never = Never tell
choice-privacy-receipts-ask = Ask for each mail
setting-appearance-theme = Theme
setting-appearance-theme-text = Dark on light, or light on dark.
choice-appearance-theme-system = Like the system
choice-appearance-theme-light = Light
choice-appearance-theme-dark = Dark
setting-appearance-contrast = Contrast
setting-appearance-contrast-text = High contrast is also used when the system asks for it.
choice-appearance-contrast-normal = Normal
choice-appearance-contrast-high = High
setting-appearance-density = Density of lists
setting-appearance-density-text = How much of a conversation its row shows.
choice-appearance-density-comfortable = Comfortable: three lines
choice-appearance-density-cosy = Cosy: two lines
choice-appearance-density-compact = Compact: one line
setting-appearance-font_size = Text size
setting-appearance-font_size-text = Of everything in the window.
choice-appearance-font_size-small = Small
choice-appearance-font_size-normal = Normal
choice-appearance-font_size-large = Large
choice-appearance-font_size-larger = Larger
setting-appearance-layout = Panes
setting-appearance-layout-text = Where a conversation opens. A small window shows one thing at a time.
choice-appearance-layout-right = Reader beside the list
choice-appearance-layout-below = Reader below the list
choice-appearance-layout-list = List only: a conversation covers it
setting-appearance-language = Language
setting-appearance-language-text = Of the window. Mail stays in the language it was written in.
choice-appearance-language-system = Like the system
setting-keyboard-preset = Preset
setting-keyboard-preset-text = The keys to start from. Keys of your own stay when you change it.
choice-keyboard-preset-inlet = Inlet (like Gmail)
choice-keyboard-preset-outlook = Outlook
choice-keyboard-preset-apple = Apple Mail

index-reach = Can be found
index-items = Items
index-whole = Everything
index-since = Since { $date }
index-none = Not yet synced
index-nothing = Nothing is connected that could be searched.
index-current = The index is up to date.
index-rebuild = Rebuild the index
index-rebuilding = The index is being built anew. Searches use the old one until it is done.

data-folder = Everything is kept in
data-remove-text = An account is removed with everything of it that is on this computer.
data-remove = Choose an account
export-title = Export
export-folder = Folder
export-folder-hint = A full path. The folder is made when it is missing; files in it are never overwritten.
export-missing = Enter the path of a folder to write into.
export-format = Format
export-mbox = mbox: one file per folder, mail only
export-eml = .eml: one file per mail
export-json = JSON: one file per item, chats and notes as well
export-query = Only what this search finds
export-query-hint = In the language of the search box. Leave it empty to export everything.
export-start = Export
export-busy = Exporting
export-done = { $left ->
    [0] { $items ->
        [one] { $items } item written.
       *[other] { $items } items written.
    }
   *[other] { $items ->
        [one] { $items } item written; { $left } have no form in this format.
       *[other] { $items } items written; { $left } have no form in this format.
    }
}

backup-title = Back up
backup-text = Everything in one file: messages, drafts, rules, settings, and the files you opened. Passwords and sign-ins are not in it; they are asked for again. Restore it into an empty folder with "inlet restore" in a terminal.
backup-file = File
backup-file-hint = A full path of a file that is not there yet, such as /media/disk/inlet.zip.
backup-missing = Enter the path of a file to write.
backup-start = Back up
backup-busy = Backing up
backup-done = { $left ->
    [0] { $size } written.
   *[other] { $size } written; { $left } files of messages were not here to be taken along.
}
checkup-title = Check what is kept
checkup-text = Compares databases, files and search index with each other. Nothing is changed until you say so, and repairing takes nothing away that cannot be had again.
checkup-start = Check
checkup-busy = Checking
checkup-repair = Repair
checkup-well = All is well.
checkup-ill = Something is not as it should be.

felt-title = How fast this window feels, since it was opened
felt-action = Action
felt-half = Median
felt-most = 95 %
felt-target = Target
felt-count = Measured
felt-verdict = Verdict
felt-within = Within the target
felt-over = Too slow
felt-none = Not measured yet
felt-focus = Key press until the next row has the focus
felt-open = Opening a conversation until its text is there
felt-search = Typing in the search until results are there
felt-archive = Archive or undo until the list shows it
felt-start = Start until the list is there
facts-version = Version
facts-size = Size on disk
facts-part = { $part }: { $size }
facts-database = Database
facts-bodies = Texts
facts-index = Search index
facts-attachments = Attachments
facts-other = Other
facts-items = Items
facts-source = { $source }: { $count } ({ $state })
facts-behind = Changes not indexed yet
facts-queue = On its way out
bundle-title = Diagnostic bundle
bundle-text = A file with these figures, the settings and the state of each source. It has no names, addresses, subjects or texts.
bundle-folder = Folder
bundle-folder-hint = Leave it empty for the downloads folder.
bundle-save = Save diagnostic bundle
bundle-saved = Saved as { $path }

keys-text = What is in force here is what the sheet ({ $sheet }) and the tooltips show.
keys-reset-all = Reset all keys
keys-none = No key
keys-add = Add a key: { $label }
keys-remove = Remove { $key }: { $label }
keys-taken-back = { $key } was taken back from “{ $label }”.
record-title = New key: { $label }
record-label = Press the new key
record-wait = Press a key, or two one after the other
record-hint = { $accept } accepts, { $cancel } cancels.
record-free = { $key } is free.
record-conflict = { $key } belongs to “{ $label }”, which would lose it.
record-take = Use this key
record-take-from = Take it over

## Command palette

palette = Command palette
palette-field = What do you want to do?
palette-found = { $count ->
    [0] Nothing fits. Try other letters.
    [one] { $count } entry
   *[other] { $count } entries
}
palette-person = Person
# A setting and a value it can be given.
palette-choose = { $setting }: { $choice }

## Notifications and the desktop

notice-log = Notification log
notice-log-text = What was told to you, what was not, and why. The newest is at the top.
notices-paused = Notifications are paused until { $time }.
notices-sources = Sources that may notify you
notices-empty = Nothing has come in yet
notices-empty-text = Each new message is listed here with the reason why you were told of it, or why not.
notices-settings = What you are told of
notices-items = { $count ->
    [one] One message
   *[other] { $count } messages
}
notices-told = Told
notices-silent = Told silently
notices-kept = Not told
why-direct = It was written to you.
why-group = It was written to several people.
why-list = It came from a list or a machine.
why-busy = Many came within a minute; it went into a summary.
why-imported = It came from files.
why-first_sync = It is older than the connection to its account.
why-old = It is older than this start of Inlet.
why-read = It had been read already.
why-muted = Its conversation is muted.
why-elsewhere = It did not come to the inbox.
why-source_off = Its source may not notify you.
why-open = You had its conversation open.
why-off = Notifications are turned off.
why-paused = Notifications were paused.
why-quiet = It came in your quiet hours.
why-direct_off = Messages to you are set not to notify.
why-group_off = Messages to several people are set not to notify.
why-list_off = Messages from lists and machines are set not to notify.
why-rule = One of your rules says how to notify you.
why-rule_off = One of your rules says not to notify you.
notice-locked = New message
notice-new = { $count ->
    [one] New message
   *[other] { $count } new messages
}
# Who wrote in which chat.
notice-in = { $who } in { $chat }
# What was said or asked last, and how many messages came before it.
notice-more = { $text } (and { $count } more)
notice-summary = { $count ->
    [one] New messages in one more conversation
   *[other] New messages in { $count } more conversations
}
notice-reply = Reply
notice-archive = Archive
notice-snooze = Snooze until tomorrow
tray-tip = Inlet: { $count } unread
tray-open = Open Inlet
tray-open-unread = Open Inlet ({ $count } unread)
tray-pause = Pause notifications for an hour
tray-resume = Resume notifications
tray-quit = Quit Inlet
menu-edit = Edit
opened-files = Opened files
link-unknown = This link names nothing that Inlet can open.

## Today and Waiting: what to do next, and why

cards-today-text = What to do next, worked out on this computer from what was written to you.
cards-waiting-text = What you asked or were promised, and what has not come yet.
cards-today-none = Nothing waits for you
cards-today-none-text = Questions to you, promises of yours and open to-dos appear here when it is time for them.
cards-waiting-none = Nobody owes you an answer
cards-waiting-none-text = Questions you asked and promises made to you appear here until they are kept.
cards-behind = { $count ->
    [one] One conversation has not been looked at yet.
   *[other] { $count } conversations have not been looked at yet.
}
card-reply = Reply to { $who }
card-todo = You promised { $who }
card-waiting = Waiting for { $who }
card-note = To do, from “{ $page }”
card-done = Done
card-beside = { $count ->
    [one] One more open here
   *[other] { $count } more open here
}
card-show = Show in the message
# How long something was asked ago, such as "3 days ago".
card-waits = Asked { $ago }
card-usually = usually answers within { $time }
offer-times = Offer times
nudge = Nudge
nudge-in-yours = Inlet has no words in the language of this conversation, so the draft is in yours.
nudge-text =
    Hi { $name },

    I wanted to come back to this: “{ $asked }”

    Could you let me know where this stands?
nudge-text-nobody =
    Hello,

    I wanted to come back to this: “{ $asked }”

    Could you let me know where this stands?
digest-title = Your day
digest-reply = { $count ->
    [one] One answer
   *[other] { $count } answers
}
digest-todo = { $count } to do
digest-waiting = waiting for { $count }
digest-meetings = { $count ->
    [one] 1 meeting
   *[other] { $count } meetings
}
digest-card = { $who }: { $said }
proposals = Proposed by other programs
proposal-reply = Answer “{ $title }”
proposal-archive = Archive “{ $title }”
proposal-snooze = Snooze “{ $title }”
proposal-snooze-until = Snooze “{ $title }” until { $time }
proposal-done = “{ $title }” is done
proposal-star = Star “{ $title }”
proposal-read = Mark “{ $title }” read
proposal-mute = Mute “{ $title }”
proposal-delete = Delete “{ $title }”
proposal-by = { $who }: { $why }
proposal-text = Text of the answer
proposal-until = Until when
proposal-send = Approve and send
proposal-approve = Approve
proposal-edit = Edit
proposal-back = As it was proposed
proposal-reject = Reject
proposal-open = Open the conversation
proposal-approved = Approved
proposal-rejected = Rejected
due-by = due { $time }
due-was = was due { $time }
due-perhaps = due { $time }?
due-today = today
due-tomorrow = tomorrow
next-reply = asked you
next-todo = you promised
next-waiting = no answer yet
next-due = { $word } · { $time }
reasons = Why this is here
seen-by = Seen by: { $what }
questions-only = Of this language only question marks are read.
rule-weights = What rules weigh
rule-lessons = What was learnt
chip-usually-answer = you answer { $answered } of { $received }
chip-window-closes = free answers end in { $time }
chip-never-answer = you answered none of { $received }
rule-asked = asked you
rule-perhaps-asked = perhaps asked
rule-they-spoke-last = they spoke last
rule-to-me = to you alone
rule-in-copy = in copy
rule-big-group = big group
rule-usually-answer = you usually answer
rule-never-answer = you never answer
rule-overdue = overdue
rule-due-in-a-day = due within a day
rule-due-in-three-days = due within three days
rule-later-than-usual = later than usual
rule-promise = you promised
rule-open-todo = open to-do
rule-no-answer = no answer yet
rule-days-open = open for days
rule-vip = important to you
rule-window-closes = reply window closes
rule-thanks-only = thanks only
rule-list-or-machine = list or machine
rule-muted = muted
rule-taught-person = learnt about them
rule-taught-words = learnt about these words
reason-asked = A sentence asks you for something, and you have not answered it.
reason-perhaps-asked = A sentence reads like a request, though no pattern knows it.
reason-they-spoke-last = The last word in the conversation is not yours.
reason-to-me = It was written to you alone, or calls you by name.
reason-in-copy = You are in copy, or one of many recipients.
reason-big-group = It was said in a group of many, and not to you by name.
reason-usually-answer = You answer most of what they write to you.
reason-never-answer = You have answered nothing they wrote to you.
reason-overdue = The day it was due has passed, not more than a week ago.
reason-due-in-a-day = It is due within 24 hours.
reason-due-in-three-days = It is due within three days.
reason-later-than-usual = For each working day, four at most, beyond the time you usually take to answer them.
reason-promise = You said that you would do something.
reason-open-todo = A box on a page of notes is not ticked, or a line of it has a date.
reason-no-answer = You asked or were promised something, and longer than usual nothing has come.
reason-days-open = For each working day, four at most, that it stands open.
reason-vip = You said that they matter.
reason-window-closes = The platform will soon take no free answer any more.
reason-thanks-only = It says thanks, and nothing else.
reason-list-or-machine = A mailing list or a machine wrote it, which counts ten at most.
reason-muted = You muted the conversation.
reason-taught-person = What you did with what they wrote before: answered, put off, done without an answer, or “Not an action”.
reason-taught-words = What you did when the same words came before.

## Settings of the next actions

lessons = What was learnt
lessons-text = “Not an action” counts against what the same person writes and against the same words. An answer counts a little in favour, a snooze and “Done” without an answer a little against. Forgetting one takes that back.
lesson-dismissed = Not an action
lesson-answered = Answered
lesson-snoozed = Put off
lesson-done = Done without an answer
lessons-none = Nothing yet. “Not an action” on a card in Today teaches something, and so does what you answer, snooze or finish there.
lesson-forget = Forget what was learnt about { $who }
lesson-forgotten = Forgotten: { $who }
weights = What each rule weighs
weights-text = The points of a card are the sum of its rules. From 60 points on it is for today.
weights-reset = Back to what they were

## Rules of one's own

rules-none = No rules yet
rules-none-text = A rule does by itself what you would do with what comes in: label it, archive it, send it on. You can try it before it does anything.
rule-new = New rule
rule-edit-title = Change a rule
rule-editor-text = It looks at what comes in from now on. What it does can be undone, and what it sends waits in the outbox for a moment first.
rule-name = Name
rule-when = When
rule-when-hint = Different conditions all have to hold; of several of the same kind one is enough. Without any, it always holds. * stands for anything.
rule-when-add = Add a condition
rule-then = Then
rule-then-hint = Keep one of archive, folder and putting off.
rule-then-add = Add what happens
rule-row-kind = What row { $number } is
rule-row-gone = { $name } (not connected)
rule-limit = Send and tell only so often
rule-limit-most = Times at most
rule-limit-minutes = In so many minutes
rule-limit-per = Counted
rule-limit-rule = for the rule as a whole
rule-limit-person = for each person who writes
rule-limit-thread = for each conversation
rule-stop = Look at no later rule where this one holds
rule-stops = no later rule is looked at
rule-text = The rule as text (TOML)
rule-text-hint = Under [when]: source, kind, person, to, domain, list, subject, text, attachment, language, mentioned, state, score, urgency, confidence, meta. Under [then]: label, place, archive, mute, star, read, snooze, notify, forward, digest, reply. Comments are not kept.
rule-as-text = As text (TOML)
rule-as-form = As a form
rule-try = Try it on the last { $count }
rule-tried = What it would do
rule-tried-sum = { $looked ->
    [one] One message looked at
   *[other] { $looked } messages looked at
  }: it holds for { $held } and would change { $changes }.
rule-tried-nothing = Nothing was done.
rule-saved = “{ $name }” is kept; it looks at what comes from now on
rule-summary = When: { $when } → { $then }
rule-always = always
rule-switch = { $name }: on
rule-held = { $count ->
    [one] Held once, { $time }
   *[other] Held { $count } times, last { $time }
  }
rule-held-never = Has not held yet
rule-log = Why: what { $name } did
rule-log-title = What “{ $name }” did, and why
rule-log-held = Only where it held
rule-log-none = Nothing yet: it looks at what comes after it was added, changed or switched on.
rule-undone = This was undone.
rule-run = Run { $name } over what came before it
rule-run-title = “{ $name }” over what came before it
rule-run-text = It is put in order as the rule says. Nothing is sent or told about it, and it can be taken back as one.
rule-run-reach = How far back
rule-run-last = The last { $count } messages of others
rule-run-looking = Looking at what it would do…
rule-run-do = { $count ->
    [one] Run it: one message changes
   *[other] Run it: { $count } messages change
  }
rule-ran = { $count ->
    [one] “{ $name }” has changed one message
   *[other] “{ $name }” has changed { $count } messages
  }
rules-written = The rules are in { $path }
rules-import = Read rules from a file…
rules-export = Write rules into a file
rules-read = { $count ->
    [one] One rule is added; it looks at what comes from now on
   *[other] { $count } rules are added; they look at what comes from now on
  }
if-one = { $what }: { $value }
if-or = {" or "}
if-any = any
if-none = none
if-source = From the source
if-kind = Kind
if-person = Written by
if-to = Written to
if-domain = From the domain
if-list = Through the mailing list
if-subject = Subject contains
if-text = Subject or text contains
if-attachment = Has a file
if-attachment-hint = any; or *.pdf, image/*
if-urgency = Due
if-score = Score
if-state = What it asks of you
if-score-hint = 60 and more; or 35..59
if-confidence = How sure that is
if-confidence-hint = 0.8 and more; or ..0.5
if-language = Written in
if-mentioned = Calls you (name or @)
if-meta = Other details
if-meta-hint = name = value, such as important = true or size = 1000000..
written-other = another language
written-none = too short to tell
mentioned-true = yes
mentioned-false = no
rests-reply = you are to answer
rests-todo = you promised something
rests-waiting = you wait for an answer
rests-fyi = it is to be read
rests-done = nothing, it is done
urgent-overdue = it is overdue
urgent-today = within a day
urgent-soon = within three days
urgent-later = later
urgent-none = not at all
does-label = Label
does-place = Put into the folder
does-archive = Archive
does-snooze = Put off until
does-snooze-hint = tomorrow 9:00
does-star = Star
does-read = Mark as read
does-mute = Mute
does-notify = Tell
does-forward = Send on to
does-channel = Tell through the channel
does-digest = Gather what goes to channels into one message a day
does-reply = Answer with the template
tell-critical = always, in quiet hours too
tell-normal = with a sound
tell-silent = without a sound
tell-off = not at all
step-line = { $what } — { $outcome }
step-waits = { $what } — { $outcome }, on { $until }
became-would = would happen
became-done = done
became-already = is so already
became-refused = not done
refused-automatic = a machine wrote it
refused-list = it came through a mailing list
refused-passed = another program has passed it on already
refused-own = it would go to an address of yours
refused-author = it would go back to its author
refused-no_reply = nobody reads what is sent to its author
refused-not_to_me = it was not written to you
refused-group = it was written to several people
refused-old = it was written too long ago
refused-note = a page of notes cannot be answered
refused-again = this conversation was answered by a rule before
refused-lately = its author was answered by this rule within a day
refused-limit = the limit of the rule is reached
refused-twice = another rule sends it there already
refused-channel = there is no channel of this name, or there are several
refused-template = there is no such template, or it has a variable that cannot be filled in
refused-time = the time has passed
refused-past = nothing is sent about what came before the rule
refused-platform = the platform does not take it
held-by = It held, by: { $what }
held-always = It held: it has no conditions.
held-missed = It did not hold: { $what }
held-kept = It was not looked at: “{ $rule }” came first.
held-not = It did not hold.
