"""Words that name nothing: English function words, and what the headers of mail and news are made of."""

from __future__ import annotations

_ENGLISH = """
a about above across actually after again against ago all almost along already also although always am among
an and another any anybody anyone anything anyway are aren't around as ask asked at available away back bad
based be became because become been before began being believe below best better between big bit both but by
call called came can can't cannot case certain certainly clear clearly come comes coming consider could
couldn't couple course day days did didn't different do does doesn't doing don't done down due during each
early either else end enough especially etc even ever every everybody everyone everything exactly example
fact far feel few find first following for form former found four from full further gave general get gets
getting give given gives giving go goes going gone good got great guess had hadn't half hand happen happened
hard has hasn't have haven't having he he's heard help hence her here hers herself high him himself his hope
how however i i'd i'll i'm i've idea if important in indeed instead into is isn't it it's its itself just
keep kind knew know known knows large last late later least left less let let's like likely line little long
look looked looking looks lot lots made main mainly make makes making many matter may maybe me mean means
mentioned might mine more most mostly much must my myself name near necessary need needed needs neither
never new next nice no nobody non none nor not note nothing now number of off often oh ok okay old on once
one ones only onto or order other others otherwise our ours ourselves out over own part particular past
people per perhaps place please point points possible post posted posting pretty probably problem put
question quite rather read real really reason recently regarding regards right said same saw say saying says
second see seem seemed seems seen send sent several shall she should shouldn't show side similar simply
since single small so some somebody someone something sometimes somewhere soon sorry sort still stuff such
sure take taken takes talk talking tell than thank thanks that that's the their theirs them themselves then
there there's therefore these they they'd they'll they're they've thing things think third this those though
thought three through thus time times to today together told too took toward towards tried true try trying
turn two type under unless until up upon us use used useful user uses using usually various very via want
wanted wants was wasn't way ways we we'd we'll we're we've well went were weren't what what's whatever when
where whether which while who whole whom whose why will with within without won't wonder word words work
worked working works world would wouldn't write writing written wrong wrote year years yes yet you you'd
you'll you're you've your yours yourself ain don doesn didn isn wasn couldn wouldn shouldn hasn haven aren
weren won ve ll re doesnt dont didnt isnt cant im ive hi hello hey dear cheers
afterwards alone amongst amoungst amount anyhow anywhere becomes becoming beforehand behind beside besides
beyond bottom co con couldnt eg eight eleven elsewhere empty everywhere except fifteen fifty five formerly
forty front hasnt hereafter hereby herein hereupon hundred ie inc latter latterly ltd meanwhile moreover move
namely nevertheless nine noone nowhere seeming sincere six sixty somehow sometime ten thence thereafter
thereby therein thereupon thick thin throughout thru top twelve twenty un whence whenever whereafter whereby
wherein whereupon wherever whither whoever yourselves whereas
"""
_HEADERS = """
article articles bcc cc cmu com date distribution edu email fax from gmt gov host keywords lines mail mailto
message mil net newsgroup newsgroups nntp org organization phone references reply sender sincerely subject
summary tel to university usa usenet version wrote writes xref ac uk ca de au http https html www apr mar
feb jan jun jul aug sep oct nov dec mon tue wed thu fri sat sun est pst cst edt pdt cdt internet newsreader
tin nntp-posting-host
"""

STOP_WORDS = frozenset(_ENGLISH.split()) | frozenset(_HEADERS.split())
