namespace OpenLedger.Datanets.Validation.Language;

/// <summary>What the heuristic knows of each language in Latin letters: function words, and a few sentences to count letter triples in.</summary>
/// <remarks>The sentences were written for this package. Changing anything here changes scores, so the identifier's version must follow.</remarks>
internal static class LatinProfiles
{
    public static (string Language, string FunctionWords, string Sample)[] All { get; } =
    [
        ("en",
            "the of and to in is that for it was on are as with his they at be this from have or by had not but what all were when we there can an your which their if will each about how up out them then she some so these would other into has more her him could no than been its who my over did only may very after just where most know also because should does i he you me us do",
            """
            The meeting was held on Tuesday in the old town hall, and more than two hundred people came to hear what the council would say. Nobody had expected that the new bridge would cost so much, but the engineers explained how each part was tested before it could be used.
            When the children came home from school they wanted something to eat, so their mother made soup with bread and cheese. We should always think about which questions are worth asking. The company announced that its earnings had grown through the third quarter, although shares fell after the report.
            If you want to learn a language, you need to read a little every day and speak with others whenever there is a chance. Scientists have found that the water under the ice is warmer than they thought, which may change our understanding of the climate. He walked slowly along the street, looking at the houses where his friends used to live.
            Please write down your name and address, then give this form to the person at the desk. The movie is funny and charming, with great performances from the whole cast. How many apples does she have left after giving five of them to her brother? It has been shown that these results depend on the pressure and temperature of the flow.
            """),
        ("vi",
            "và của là có được cho không trong một các người với này để những đã khi từ như về ra đến ở tôi anh chị em nhưng thì mà vì nếu hay hoặc cũng sẽ bị lại làm rất nhiều nào đó gì ai đang rồi còn theo tại vào trên dưới sau trước phải nên chúng ta họ ông bà việc cái con năm ngày",
            """
            Hôm qua trời mưa rất to nên chúng tôi không thể đi chợ được. Chính phủ đã công bố kế hoạch xây dựng nhiều trường học mới ở các tỉnh miền núi trong năm tới. Mẹ tôi thường nấu cơm vào buổi sáng rồi mang ra đồng cho cha. Người lao động phải được trả lương đúng thời hạn theo quy định của pháp luật.
            Nếu bạn muốn học tiếng Việt thì nên nghe và nói mỗi ngày. Thành phố này có nhiều con đường nhỏ, hàng quán và những ngôi nhà cũ rất đẹp. Khi đến bệnh viện, bệnh nhân cần mang theo giấy tờ và thẻ bảo hiểm y tế. Các nhà khoa học cho biết nhiệt độ nước biển đang tăng nhanh hơn dự kiến.
            Tôi không biết vì sao anh ấy lại quyết định nghỉ việc sau khi đã làm ở đó mười năm. Cuốn sách kể về cuộc sống của một gia đình nông dân trước chiến tranh. Xin vui lòng điền đầy đủ thông tin vào mẫu đơn dưới đây. Em gái tôi thích vẽ tranh và chơi đàn, còn em trai thì thích đá bóng với bạn bè.
            """),
        ("fr",
            "le la les de des du et est que qui un une dans pour pas sur au aux ce cette ces il elle ils elles nous vous je tu on ne se son sa ses leur leurs avec par plus mais ou où comme tout tous sont était été être avoir fait faire peut très sans sous entre même aussi bien deux quand si y en à c d l n s qu j",
            """
            La réunion a eu lieu mardi dernier dans la grande salle de la mairie, où plus de deux cents personnes étaient venues écouter le conseil. Personne ne savait combien le nouveau pont allait coûter, mais les ingénieurs ont expliqué chaque étape des travaux. Quand les enfants sont rentrés de l'école, leur mère leur a préparé une soupe avec du pain et du fromage.
            Il faut toujours réfléchir avant de prendre une décision aussi importante. L'entreprise a annoncé que ses bénéfices avaient augmenté cette année, bien que les actions aient baissé. Si vous voulez apprendre une langue, lisez un peu tous les jours et parlez avec les autres. Les chercheurs pensent que l'eau sous la glace est plus chaude qu'on ne le croyait.
            Il marchait lentement dans la rue en regardant les maisons où vivaient autrefois ses amis. Veuillez écrire votre nom et votre adresse, puis remettre ce formulaire à l'accueil. C'est un film drôle et touchant, porté par des acteurs remarquables. Je ne comprends pas pourquoi elle a quitté son travail après dix ans. Le gouvernement souhaite que tous les élèves puissent manger à la cantine.
            """),
        ("de",
            "der die das und ist zu den von mit nicht ein eine einen einem einer des im in dem es ich er sie wir ihr auf für als auch an sich so dass daß aus bei nach wie war sind hat haben werden wird wurde oder aber noch nur über zum zur durch man kann wenn mehr um am bis vor sein seine ihre ihren diese dieser dieses unter schon sehr mir mich uns was wo",
            """
            Die Sitzung fand am Dienstag im alten Rathaus statt, und mehr als zweihundert Menschen kamen, um den Rat zu hören. Niemand wusste, wie viel die neue Brücke kosten würde, aber die Ingenieure erklärten jeden Schritt der Arbeiten. Als die Kinder aus der Schule nach Hause kamen, kochte ihre Mutter eine Suppe mit Brot und Käse.
            Man sollte immer gut überlegen, bevor man eine so wichtige Entscheidung trifft. Das Unternehmen teilte mit, dass der Gewinn im dritten Quartal gestiegen ist, obwohl die Aktien nach dem Bericht fielen. Wenn Sie eine Sprache lernen möchten, müssen Sie jeden Tag ein wenig lesen und mit anderen sprechen. Forscher haben herausgefunden, dass das Wasser unter dem Eis wärmer ist, als man dachte.
            Er ging langsam die Straße entlang und sah sich die Häuser an, in denen seine Freunde früher gewohnt hatten. Bitte schreiben Sie Ihren Namen und Ihre Anschrift auf und geben Sie das Formular am Schalter ab. Ich verstehe nicht, warum sie nach zehn Jahren ihre Arbeit aufgegeben hat. Die Regierung möchte, dass alle Schüler ein warmes Mittagessen bekommen.
            """),
        ("es",
            "el la los las de que y en un una es por con no para se del al lo su sus como más pero este esta estos estas ese esa yo tú él ella ellos nos le les me mi te ya o si sí hay muy sin sobre también hasta desde cuando donde quien porque fue era ser son está están ha han había todo todos entre qué cómo después antes nada cada",
            """
            La reunión se celebró el martes en el antiguo ayuntamiento y acudieron más de doscientas personas para escuchar al alcalde. Nadie sabía cuánto iba a costar el nuevo puente, pero los ingenieros explicaron cada paso de las obras. Cuando los niños volvieron de la escuela, su madre les preparó una sopa con pan y queso.
            Siempre hay que pensar bien antes de tomar una decisión tan importante. La empresa anunció que sus ganancias habían crecido durante el tercer trimestre, aunque las acciones cayeron después del informe. Si quieres aprender un idioma, tienes que leer un poco cada día y hablar con otras personas. Los científicos han descubierto que el agua bajo el hielo está más caliente de lo que se creía.
            Caminaba despacio por la calle, mirando las casas donde vivían sus amigos. Por favor, escriba su nombre y su dirección y entregue este formulario en la ventanilla. No entiendo por qué ella dejó el trabajo después de diez años. El gobierno quiere que todos los alumnos puedan comer en el colegio. ¿Dónde está la estación? Mañana llegaremos muy temprano y nos quedaremos hasta el viernes.
            """),
        ("pt",
            "o a os as de que e em um uma é para com não se do da dos das no na nos nas ao à por mais como mas foi ele ela eles seu sua seus suas ou ser quando muito há já está eu também só pelo pela até isso este esta esse essa entre era depois sem mesmo aos ter nem meu minha tem você são foram estão num numa sobre então onde",
            """
            A reunião aconteceu na terça-feira no antigo prédio da prefeitura, e mais de duzentas pessoas vieram ouvir o conselho. Ninguém sabia quanto a nova ponte iria custar, mas os engenheiros explicaram cada etapa das obras. Quando as crianças voltaram da escola, a mãe preparou uma sopa com pão e queijo para elas.
            É preciso pensar bem antes de tomar uma decisão tão importante. A empresa anunciou que os seus lucros cresceram no terceiro trimestre, embora as ações tenham caído depois do relatório. Se você quer aprender uma língua, precisa ler um pouco todos os dias e conversar com outras pessoas. Os cientistas descobriram que a água debaixo do gelo está mais quente do que se pensava.
            Ele caminhava devagar pela rua, olhando para as casas onde moravam os seus amigos. Por favor, escreva o seu nome e endereço e entregue este formulário no balcão. Não entendo por que ela deixou o trabalho depois de dez anos. O governo deseja que todos os alunos possam almoçar na escola. Amanhã chegaremos muito cedo e ficaremos até sexta-feira. Isso não é uma boa ideia, porque ninguém gostou da mudança.
            """),
        ("id",
            "yang dan di ini itu dengan untuk dari tidak adalah dalam akan pada ke saya kami kita mereka dia anda oleh juga sudah telah bisa dapat ada karena atau seperti lebih sangat harus belum jika kalau ketika saat para sebuah seorang orang hari tahun bahwa namun tetapi masih lagi sebagai secara antara hanya banyak agar bagi setelah sebelum kepada serta tersebut",
            """
            Pertemuan itu diadakan pada hari Selasa di balai kota lama, dan lebih dari dua ratus orang datang untuk mendengarkan penjelasan dewan. Tidak ada yang tahu berapa biaya jembatan baru tersebut, tetapi para insinyur sudah menjelaskan setiap langkah pekerjaan. Ketika anak-anak pulang dari sekolah, ibu mereka memasak sup dan nasi goreng.
            Kita harus selalu berpikir dengan baik sebelum mengambil keputusan yang penting. Perusahaan mengumumkan bahwa keuntungan mereka meningkat pada kuartal ketiga, meskipun harga saham turun setelah laporan itu. Jika Anda ingin belajar bahasa, bacalah sedikit setiap hari dan berbicaralah dengan orang lain. Para ilmuwan menemukan bahwa air di bawah es lebih hangat daripada yang diperkirakan.
            Dia berjalan pelan di sepanjang jalan sambil melihat rumah-rumah tempat teman-temannya dulu tinggal. Silakan tulis nama dan alamat Anda, lalu serahkan formulir ini kepada petugas. Saya tidak mengerti mengapa dia berhenti bekerja setelah sepuluh tahun. Pemerintah ingin semua murid mendapatkan makan siang di sekolah. Besok kami akan tiba pagi sekali dan tinggal sampai hari Jumat.
            """),
        ("it",
            "il lo la i gli le di che e è un una uno per non con sono del della dei delle dello degli al alla alle ai nel nella nei nelle si ma come più anche questo questa quello quella era ha hanno io tu lui lei noi voi loro mi ti ci vi suo sua suoi sul sulla dal dalla se o quando dove molto tutto tutti essere stato stata perché così da in a ed",
            """
            La riunione si è tenuta martedì nel vecchio municipio e più di duecento persone sono venute ad ascoltare il consiglio. Nessuno sapeva quanto sarebbe costato il nuovo ponte, ma gli ingegneri hanno spiegato ogni fase dei lavori. Quando i bambini sono tornati da scuola, la madre ha preparato una zuppa con pane e formaggio.
            Bisogna sempre pensare bene prima di prendere una decisione così importante. L'azienda ha annunciato che gli utili sono cresciuti nel terzo trimestre, anche se le azioni sono scese dopo la relazione. Se vuoi imparare una lingua devi leggere un po' ogni giorno e parlare con gli altri. Gli scienziati hanno scoperto che l'acqua sotto il ghiaccio è più calda di quanto si pensasse.
            Camminava lentamente lungo la strada, guardando le case dove abitavano i suoi amici. Per favore, scriva il suo nome e il suo indirizzo e consegni questo modulo allo sportello. Non capisco perché abbia lasciato il lavoro dopo dieci anni. Il governo vuole che tutti gli alunni possano mangiare a scuola.
            """),
        ("nl",
            "de het een en van is dat niet op met voor zijn in te die er aan ik hij zij ze we wij je jij u ook als maar om bij of uit door over naar dan nog wel was had hebben heeft worden wordt werd kan zal zou meer geen hun haar onze deze dit wat waar wie toen al tot tegen na zo moet veel onder",
            """
            De vergadering werd dinsdag in het oude stadhuis gehouden en meer dan tweehonderd mensen kwamen luisteren naar de raad. Niemand wist hoeveel de nieuwe brug zou kosten, maar de ingenieurs legden elke stap van het werk uit. Toen de kinderen uit school thuiskwamen, maakte hun moeder soep met brood en kaas.
            Je moet altijd goed nadenken voordat je zo een belangrijke beslissing neemt. Het bedrijf maakte bekend dat de winst in het derde kwartaal is gestegen, hoewel de aandelen na het verslag daalden. Als je een taal wilt leren, moet je elke dag een beetje lezen en met anderen praten. Onderzoekers hebben ontdekt dat het water onder het ijs warmer is dan men dacht.
            Hij liep langzaam door de straat en keek naar de huizen waar zijn vrienden vroeger woonden. Schrijf uw naam en adres op en lever dit formulier in bij de balie. Ik begrijp niet waarom zij na tien jaar haar baan heeft opgezegd. De regering wil dat alle leerlingen een warme lunch krijgen.
            """),
    ];
}
