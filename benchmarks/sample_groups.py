"""Nine groups and 53 criteria as long as real ones, for sample reports: code, name, names of its criteria."""

from __future__ import annotations

GROUPS = (
    (
        "I",
        "Nhận thức số",
        (
            "Ban chỉ đạo chuyển đổi số",
            "Tổ chức họp Ban chỉ đạo chuyển đổi số định kỳ",
            "Công khai thông tin đơn vị",
            "Bản tin hoạt động lãnh đạo đơn vị",
            "Tin hoạt động đơn vị",
            "Truyền thông chính sách",
            "Truyền thông nội bộ",
            "Phát thanh cơ sở",
            "Tiếp cận thông tin của người dân",
            "Tiếp cận thông tin của công chức, viên chức, người lao động",
        ),
    ),
    (
        "II",
        "Thể chế số",
        (
            "Ban hành kế hoạch chuyển đổi số hằng năm",
            "Văn bản chỉ đạo chuyển đổi số",
            "Triển khai xếp loại đánh giá chỉ số chuyển đổi số",
        ),
    ),
    (
        "III",
        "Hạ tầng số",
        (
            "Tỷ lệ công chức, viên chức người lao động sử dụng điện thoại thông minh",
            "Tỷ lệ người dân trong độ tuổi trưởng thành sử dụng thiết bị thông minh",
            "Tỷ lệ hộ gia đình sử dụng thiết bị thông minh",
            "Tỷ lệ hộ gia đình có kết nối internet cáp quang băng rộng",
            "Công chức, viên chức, người lao động sử dụng nền tảng điện toán đám mây",
            "Sử dụng hạ tầng dùng chung cho các nền tảng số",
        ),
    ),
    (
        "IV",
        "Nhân lực số",
        (
            "Nhân lực chuyên trách, kiêm nhiệm chuyển đổi số, an toàn thông tin",
            "Tổ công nghệ số cộng đồng đến thôn, bản, tổ dân phố",
            "Kiện toàn Tổ công nghệ số cộng đồng",
            "Nghiệp vụ cho cán bộ chuyên trách, kiêm nhiệm chuyển đổi số, an toàn thông tin",
            "Nghiệp vụ cho Tổ Công nghệ số cộng đồng (trực tiếp)",
            "Nghiệp vụ cho Tổ Công nghệ số cộng đồng (trực tuyến)",
            "Kỹ năng số cho người dân",
            "Kỹ năng số cho công chức, viên chức, người lao động",
        ),
    ),
    (
        "V",
        "An toàn thông tin",
        (
            "Cài đặt phần mềm chống mã độc",
            "Cài đặt phần mềm phòng chống virus",
            "Tỷ lệ lây nhiễm mã độc, virus",
            "Tỷ lệ khắc phục nhiễm mã độc, virus",
        ),
    ),
    (
        "VI",
        "Chính quyền số",
        (
            "Tỷ lệ thủ tục hành chính trực tuyến toàn trình",
            "Tỷ lệ người dân, doanh nghiệp đăng ký hồ sơ trực tuyến",
            "Tỷ lệ vi phạm yêu cầu xử lý hồ sơ",
            "Nền tảng làm việc số",
            "Nền tảng báo cáo số",
            "Nền tảng bản đồ số",
            "Tổng ngân sách chi cho chuyển đổi số",
        ),
    ),
    (
        "VII",
        "Xã hội số",
        (
            "Tài khoản định danh điện tử mức 2",
            "Tài khoản thanh toán điện tử",
            "Chữ ký số",
            "Chữ ký số công vụ",
            "Địa chỉ số",
        ),
    ),
    (
        "VIII",
        "Kinh tế số",
        (
            "Tỷ lệ cơ sở kinh doanh trên địa bàn có dán mã QR (VietQR) phục vụ cho thanh toán trực tuyến",
            "Tham gia sàn thương mại điện tử",
            "Sản phẩm địa phương có phát sinh giao dịch từ sàn thương mại điện tử",
            "Thanh toán không dùng tiền mặt trong công chức, viên chức, người lao động",
        ),
    ),
    (
        "IX",
        "Dịch vụ đô thị thông minh",
        (
            "Tích hợp dịch vụ đô thị thông minh trên Hue-S",
            "Thông báo, cảnh báo",
            "Tương tác với người dân, doanh nghiệp và báo chí",
            "Mức độ hài lòng khi tương tác với người dân, doanh nghiệp",
            "Mức độ bức xúc khi tương tác với người dân, doanh nghiệp",
            "Số hóa tiềm năng, thế mạnh",
        ),
    ),
)
